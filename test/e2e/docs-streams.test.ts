import type { Locator, Page } from 'playwright-core';
import tap, { type Test, test } from 'tap';
import type { ConfigInput } from '../../gateway/index.js';
import { startDesk } from '../gateway/desk.js';
import type { Received, StreamHandler } from '../support/backend.js';
import { openBrowser, type PageRecord, recordPage } from '../support/browser.js';

const opened = openBrowser(tap);

/** A call that is in progress, and items for it. */
interface Calls {
  readonly all: Received[];
  readonly handler: StreamHandler;
  /** Lets an item come on the last call. */
  item(title: string): void;
  end(): void;
}

function calls(): Calls {
  const all: Received[] = [];
  let write: (title: string) => void = () => {};
  let end: () => void = () => {};
  const handler: StreamHandler = async (call, out) => {
    all.push(call);
    write = (title) => void out.write({ title });
    for (let i = 1; i <= Number(call.request.count ?? 0); i += 1) out.write({ title: `item ${i}` });
    await Promise.race([call.cancelled, new Promise<void>((resolve) => (end = resolve))]);
  };
  return { all, handler, item: (title) => write(title), end: () => end() };
}

interface Docs {
  readonly page: Page;
  readonly operation: Locator;
  readonly record: PageRecord;
}

/** The operation of a stream, unfolded in the docs page. */
async function openDocs(t: Test, handler: StreamHandler, config: ConfigInput = {}): Promise<Docs | undefined> {
  const browser = await opened;
  if (browser === undefined) return undefined;
  const { url } = await startDesk(t, { stream: { StreamNotes: handler } }, config);
  const context = await browser.newContext({ viewport: { width: 1200, height: 1400 } });
  t.teardown(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const record = recordPage(page);
  await page.clock.install();
  await page.goto(`${url}/swagger-ui/`);
  const operation = page.locator('#operations-Desk-Desk_StreamNotes');
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.execute').waitFor();
  return { page, operation, record };
}

const note = (docs: Docs) => docs.operation.locator('.stream-note p');
const body = (docs: Docs) => docs.operation.locator('.live-responses-table .highlight-code code').first();
const line = (title: string) => `{"name":"","title":"${title}","words":"0","tags":[],"labels":{}}`;

test('the docs page shows items of a stream as they come, and a button stops it', async (t) => {
  const { all, handler, item } = calls();
  const docs = await openDocs(t, handler);
  if (docs === undefined) return;
  const { operation, record, page } = docs;
  await operation.locator('tr[data-param-name="count"] input').fill('1');
  const started = performance.now();
  await operation.locator('.execute').click();
  await body(docs).getByText('item 1').waitFor();
  const tookFirst = performance.now() - started;
  t.ok(tookFirst < 1500, `the first item after ${tookFirst} ms`);
  t.equal(await note(docs).textContent(), 'A stream: it is shown as it comes, up to 100 items, 256 Ki characters or 30 seconds.');
  item('item 2');
  await page.clock.runFor(200);
  await body(docs).getByText('item 2').waitFor();
  const shot = process.env.PROTOGATE_SCREENSHOT;
  if (shot !== undefined) await operation.screenshot({ path: shot });

  const stopped = performance.now();
  await operation.getByRole('button', { name: 'Stop' }).click();
  await all[0]?.cancelled;
  const took = performance.now() - stopped;
  t.ok(took < 1000, `cancelled after ${took} ms`);
  await note(docs).getByText('Stopped after 2 items.').waitFor();
  t.equal(await operation.getByRole('button', { name: 'Stop' }).count(), 0);
  t.equal((await body(docs).textContent())?.trim(), `${line('item 1')}\n${line('item 2')}`);
  const headers = await operation.locator('.live-responses-table .headerline').allTextContents();
  t.ok(headers.includes(' content-type: application/x-ndjson '), 'the headers are those of the answer');
  t.strictSame(record.complaints, []);
});

test('the docs page stops a stream after as many items as it says', async (t) => {
  const { all, handler } = calls();
  const docs = await openDocs(t, handler);
  if (docs === undefined) return;
  await docs.operation.locator('tr[data-param-name="count"] input').fill('250');
  await docs.operation.locator('.execute').click();
  await all[0]?.cancelled;
  await note(docs).getByText('Stopped after 100 items.').waitFor();
  const text = (await body(docs).textContent()) ?? '';
  t.match(text, /item 100"/);
  t.notMatch(text, /item 101"|can't parse/);
});

test('the docs page stops a stream after as many characters as it says', async (t) => {
  const { all, handler, item } = calls();
  const docs = await openDocs(t, handler);
  if (docs === undefined) return;
  await docs.operation.locator('.execute').click();
  await note(docs).waitFor();
  for (let i = 1; i <= 20; i += 1) item(`${i}${'x'.repeat(20_000)}`);
  await all[0]?.cancelled;
  await note(docs)
    .getByText(/^Stopped after \d+ items\.$/)
    .waitFor();
  const text = (await body(docs).textContent()) ?? '';
  t.ok(text.length >= 2 ** 18 && text.length < 2 ** 19, `${text.length}`);
});

test('the docs page stops a stream after as many seconds as it says', async (t) => {
  const { all, handler } = calls();
  const docs = await openDocs(t, handler);
  if (docs === undefined) return;
  await docs.operation.locator('tr[data-param-name="count"] input').fill('1');
  await docs.operation.locator('.execute').click();
  await note(docs).getByText('up to 100 items').waitFor();
  await body(docs).getByText('item 1').waitFor();
  await docs.page.clock.fastForward(31_000);
  await all[0]?.cancelled;
  await note(docs).getByText('Stopped after 30 seconds, with 1 item.').waitFor();
});

for (const [form, first, second, config] of [
  ['text/event-stream', `id: 1\ndata: ${line('item 1')}`, 'event: end', {}],
  ['application/x-ndjson', line('item 1'), '', {}],
  ['application/json', `[${line('item 1')}`, ']', { policies: [{ select: '*', streamForm: 'array' }] }],
] as const) {
  test(`the docs page says when a stream has ended, as ${form}`, async (t) => {
    const { handler, end } = calls();
    const docs = await openDocs(t, handler, config);
    if (docs === undefined) return;
    const { operation } = docs;
    await operation.locator('tr[data-param-name="count"] input').fill('1');
    await operation.locator('tr.response[data-code="200"] select.content-type').selectOption(form);
    await operation.locator('.execute').click();
    await body(docs).getByText('item 1').waitFor();
    const running = (await body(docs).textContent()) ?? '';
    t.ok(running.startsWith(first), running);
    end();
    await note(docs).getByText('Ended after 1 item.').waitFor();
    const text = (await body(docs).textContent()) ?? '';
    t.ok(text.includes(second), text);
    t.notMatch(text, /can't parse/);
  });
}

test('to execute again, or to clear, leaves the stream that is shown', async (t) => {
  const { all, handler } = calls();
  const docs = await openDocs(t, handler);
  if (docs === undefined) return;
  const { operation } = docs;
  await operation.locator('tr[data-param-name="count"] input').fill('1');
  await operation.locator('.execute').click();
  await body(docs).getByText('item 1').waitFor();
  await operation.locator('tr[data-param-name="count"] input').fill('2');
  await operation.locator('.execute').click();
  await all[0]?.cancelled;
  await body(docs).getByText('item 2').waitFor();
  t.match(await note(docs).textContent(), /it is shown as it comes/);
  await operation.getByRole('button', { name: 'Clear' }).click();
  await all[1]?.cancelled;
  t.equal(await operation.locator('.stream-note').count(), 0);
  t.equal(all.length, 2);
});
