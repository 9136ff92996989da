import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import { turns } from '../gateway/upstream/contract/recorder.js';
import { Gate } from '../support/gate.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const GET = 'GET /v1/notes/1 HTTP/1.1\r\nhost: a\r\n\r\n';
const json = 'content-type: application/json\r\n';

/** Requests whose answers close the connection, and their statuses. */
const last: Readonly<Record<string, readonly [request: string, httpStatus: string]>> = {
  'no Host': ['GET /v1/notes/2 HTTP/1.1\r\n\r\n', '400'],
  'two Hosts': ['GET /v1/notes/2 HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n', '400'],
  'a Host that is none': ['GET /v1/notes/2 HTTP/1.1\r\nhost: a<script>\r\n\r\n', '400'],
  'an unknown expectation': ['GET /v1/notes/2 HTTP/1.1\r\nhost: a\r\nexpect: wonders\r\n\r\n', '417'],
  'an unknown transfer coding': [`POST /v1/notes HTTP/1.1\r\nhost: a\r\n${json}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, '501'],
  'a body that is too large': [`POST /v1/notes HTTP/1.1\r\nhost: a\r\n${json}content-length: 20\r\n\r\n${' '.repeat(20)}`, '413'],
  'connection: close': ['GET /v2 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', '404'],
  'HTTP/1.0': ['GET /v2 HTTP/1.0\r\n\r\n', '404'],
};

for (const [way, config] of Object.entries(ways)) {
  test(`requests behind an answer that closes the connection reach nobody (RFC 9112 section 9.6), ${way}`, async (t) => {
    for (const [name, [request, httpStatus]] of Object.entries(last)) {
      const gate = new Gate();
      gate.open();
      const { url, running } = await startDesk(
        t,
        { unary: { GetNote: gate.unary, CreateNote: gate.unary } },
        { ...config, policies: [{ select: '*', maxBody: 10 }] },
      );
      const raw = await Raw.open(url, GET + request + GET.repeat(3));
      await raw.until(() => false);
      const answers = [...raw.text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1]);
      t.strictSame(answers, ['200', httpStatus], name);
      t.match(raw.text.slice(raw.text.lastIndexOf('HTTP/1.1')), /\r\nconnection: close\r\n/i, name);
      await turns();
      t.equal(gate.calls.length, 1, name);
      await until(() => running.gateway.current.inFlight === 0);
      await running.close({ graceMs: 0 });
    }
  });
}
