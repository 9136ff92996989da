import { test } from 'tap';
import type { ClientStreamHandler, StreamHandler } from '../../support/backend.js';
import { Gate } from '../../support/gate.js';
import { Raw, until } from '../../support/raw.js';
import { startDesk } from '../desk.js';
import { converse, startWays } from './ways/desks.js';
import { config, json, lines, presets, request, rows } from './ways/table.js';

for (const [name, more] of Object.entries(presets)) {
  test(`a request is answered with the same bytes on the direct way and on Fastify's, ${name}`, async (t) => {
    const [direct, fastify] = await startWays(t, { ...config, ...more });
    for (const [what, bytes] of Object.entries(rows)) {
      const answers = await Promise.all([converse(direct, [bytes]), converse(fastify, [bytes])]);
      t.match(answers[0], /^HTTP\/1\.1 \d\d\d /, what);
      t.equal(answers[0], answers[1], what);
    }
  });
}

for (const way of ['direct', 'through Fastify'] as const) {
  test(`a client that leaves in the middle of anything leaves nothing behind, ${way}`, async (t) => {
    const gate = new Gate();
    const stream: StreamHandler = async (call, out) => {
      out.write({ name: 'notes/1' });
      await call.cancelled;
    };
    const upload: ClientStreamHandler = async ({ cancelled }) => {
      await cancelled;
      return {};
    };
    const desk = await startDesk(
      t,
      { unary: { GetNote: gate.unary }, stream: { StreamNotes: stream }, clientStream: { UploadNotes: upload } },
      {},
      way === 'direct' ? {} : { setup: () => {} },
    );
    const inFlight = () => desk.running.gateway.current.inFlight;
    for (const bytes of [
      request('GET /v1/notes/1'),
      request('GET /v1/notes:stream'),
      request('POST /v1/notes', [json, 'content-length: 10']),
      request('POST /v1/notes:upload', [lines, 'content-length: 10']).concat('{}'),
      request('GET /v1/notes/1').replace('connection: close\r\n', '').repeat(3),
    ]) {
      const raw = await Raw.open(desk.url, bytes);
      await until(() => inFlight() > 0);
      raw.socket.destroy();
      await until(() => inFlight() === 0);
    }
    await Promise.all(gate.calls.map((call) => call.cancelled));
    t.equal(inFlight(), 0);
  });
}
