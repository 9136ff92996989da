import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import type { StreamHandler } from '../support/backend.js';
import { Raw, until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const NOTES = 'GET /v1/notes:stream HTTP/1.1\r\nhost: a\r\n\r\n';
const REPORTS = 'GET /v1/reports:stream HTTP/1.1\r\nhost: a\r\n\r\n';

for (const [way, config] of Object.entries(ways)) {
  test(`a stream that nobody reads ends within the idle time though its turn on the connection has not come, ${way}`, async (t) => {
    let readers = 1;
    const notes: StreamHandler = async (_call, out) => {
      for (; readers > 0; await new Promise((resolve) => setTimeout(resolve, 10))) out.write({ title: 'x' });
    };
    let cancelled = 0;
    const reports: StreamHandler = async (call, out) => {
      void call.cancelled.then(() => (cancelled += 1));
      while (
        out.write({ error: 'x'.repeat(10_000) }) ||
        (await Promise.race([out.drained(), call.cancelled.then(() => 'left')])) !== 'left'
      );
    };
    const { url, running } = await startDesk(
      t,
      { stream: { StreamNotes: notes, StreamReports: reports } },
      { ...config, policies: [{ select: '*', idleMs: 500 }] },
    );
    const { current } = running.gateway;
    const raw = await Raw.open(url, NOTES + REPORTS + REPORTS);
    await until(() => current.inFlight === 3);
    await until(() => current.inFlight === 1);
    await until(() => cancelled === 2);
    t.equal(raw.closed, false, 'the first stream goes on');
    readers = 0;
    await raw.until(() => false);
    t.equal(raw.text.split('HTTP/1.1').length, 2, 'none of the others was answered');
    t.equal(current.inFlight, 0);
  });
}
