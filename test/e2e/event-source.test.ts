import { status } from '@grpc/grpc-js';
import type { Page } from 'playwright-core';
import tap, { type Test, test } from 'tap';
import type { ConfigInput } from '../../gateway/index.js';
import { startDesk } from '../gateway/desk.js';
import { Failure, type Received, type StreamHandler } from '../support/backend.js';
import { openBrowser } from '../support/browser.js';

const opened = openBrowser(tap);

/** What an `EventSource` of a page has told, in order; a tick of it is a line. */
class Events {
  readonly lines: string[] = [];
  #wake: () => void = () => {};

  add(line: string): void {
    this.lines.push(line);
    this.#wake();
  }

  async until(done: (lines: readonly string[]) => boolean): Promise<void> {
    while (!done(this.lines))
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
  }
}

/** A page of the gateway's own origin that listens to a stream. */
async function listen(page: Page, url: string, path: string): Promise<Events> {
  const events = new Events();
  await page.exposeFunction('tell', (line: string) => events.add(line));
  await page.goto(`${url}/healthz`);
  await page.evaluate(`
    window.source = new EventSource(${JSON.stringify(path)});
    source.onopen = () => tell('open');
    source.onmessage = ({ data, lastEventId }) => tell(lastEventId + ' ' + data);
    source.addEventListener('end', ({ data, lastEventId }) => tell(lastEventId + ' end ' + data));
    source.addEventListener('error', ({ data }) => tell('error ' + source.readyState + ' ' + data));
  `);
  return events;
}

const data = (i: number) => `{"name":"notes/${i}","title":"","words":"0","tags":[],"labels":{}}`;

async function desk(
  t: Test,
  stream: StreamHandler,
  config: ConfigInput = {},
): Promise<{ readonly page: Page; readonly url: string } | undefined> {
  const browser = await opened;
  if (browser === undefined) return undefined;
  const { url } = await startDesk(t, { stream: { StreamNotes: stream } }, { streams: { retryMs: 10 }, ...config });
  const page = await browser.newPage();
  t.teardown(() => page.close());
  return { page, url };
}

test('an EventSource gets every item as it comes, and after the last one it stops by itself', async (t) => {
  const calls: Received[] = [];
  let next: () => void = () => {};
  const stream: StreamHandler = async (call, out) => {
    calls.push(call);
    out.write({ name: 'notes/1' });
    await new Promise<void>((resolve) => {
      next = resolve;
    });
    out.write({ name: 'notes/2' });
  };
  const served = await desk(t, stream, { streams: { heartbeatMs: 20, retryMs: 10 } });
  if (served === undefined) return;
  const events = await listen(served.page, served.url, '/v1/notes:stream');
  await events.until((lines) => lines.length === 2);
  t.strictSame(events.lines, ['open', `1 ${data(1)}`], 'before the second one is there');
  next();
  await events.until((lines) => lines.includes('error 2 undefined'));
  t.strictSame(events.lines.slice(2), [
    `2 ${data(2)}`,
    'end end {"code":0,"message":"","details":[]}',
    'error 0 undefined',
    'error 2 undefined',
  ]);
  t.equal(calls.length, 1, 'the upstream was not called again');
});

test('an EventSource whose stream has failed is told why, and connects again where it was', async (t) => {
  const had: unknown[] = [];
  const stream: StreamHandler = async ({ metadata }, out) => {
    const [id] = metadata.get('last-event-id');
    had.push(id);
    out.write({ name: `notes/${Number(id ?? 0) + 1}` });
    if (had.length < 3) throw new Failure(status.DATA_LOSS, 'lost');
  };
  const served = await desk(t, stream, { metadata: { forward: ['last-event-id'] } });
  if (served === undefined) return;
  const events = await listen(served.page, served.url, '/v1/notes:stream');
  await events.until((lines) => lines.includes('error 2 undefined'));
  const failure = 'error 1 {"code":15,"message":"lost","details":[]}';
  t.strictSame(events.lines, [
    ...['open', `1 ${data(1)}`, failure, 'error 0 undefined'],
    ...['open', `2 ${data(2)}`, failure, 'error 0 undefined'],
    ...['open', `3 ${data(3)}`, 'end end {"code":0,"message":"","details":[]}', 'error 0 undefined'],
    'error 2 undefined',
  ]);
  t.strictSame(had, [undefined, '1', '2']);
});

test('an EventSource that is refused before the first event gives up', async (t) => {
  const stream: StreamHandler = async () => {
    throw new Failure(status.PERMISSION_DENIED, 'no');
  };
  const served = await desk(t, stream);
  if (served === undefined) return;
  const events = await listen(served.page, served.url, '/v1/notes:stream');
  await events.until((lines) => lines.length > 0);
  t.strictSame(events.lines, ['error 2 undefined']);
});

test('an EventSource that is closed cancels the call', async (t) => {
  let arrive: (call: Received) => void = () => {};
  const arrived = new Promise<Received>((resolve) => {
    arrive = resolve;
  });
  const stream: StreamHandler = async (call, out) => {
    out.write({ name: 'notes/1' });
    arrive(call);
    await call.cancelled;
  };
  const served = await desk(t, stream);
  if (served === undefined) return;
  const events = await listen(served.page, served.url, '/v1/notes:stream');
  const call = await arrived;
  await events.until((lines) => lines.length === 2);
  const closed = performance.now();
  await served.page.evaluate('source.close()');
  await call.cancelled;
  const took = performance.now() - closed;
  t.ok(took < 1000, `${took} ms`);
});
