import { resolve } from 'node:path';
import { test } from 'tap';
import { startBookstore } from '../../examples/bookstore/server.js';
import { startGateway } from '../../gateway/index.js';
import { openBrowser, recordPage } from '../support/browser.js';

const protos = resolve(import.meta.dirname, '../../../examples/bookstore/protos');

test('Try it out in Swagger UI calls the gRPC server', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const bookstore = await startBookstore({ port: 0 });
  t.teardown(() => bookstore.close());
  const running = await startGateway({
    listen: '127.0.0.1:0',
    sources: { protos: [protos] },
    upstreams: { default: { target: `127.0.0.1:${bookstore.port}` } },
    log: { level: 'silent' },
  });
  t.teardown(() => running.close({ graceMs: 0 }));
  const page = await browser.newPage({ viewport: { width: 1200, height: 1800 } });
  page.setDefaultTimeout(15_000);
  const record = recordPage(page);
  await page.goto(`${running.url}/swagger-ui/`);
  t.equal(
    await page
      .locator('.opblock')
      .first()
      .waitFor()
      .then(() => page.locator('.opblock').count()),
    running.gateway.current.table.bindings.length,
    'an operation for every route',
  );

  const operation = (id: string) => page.locator(`#operations-BookService-BookService_${id}`);
  const open = async (id: string) => {
    await operation(id).locator('.opblock-summary-control').click();
    await operation(id).locator('.execute').waitFor();
  };
  const fill = (id: string, name: string, value: string) =>
    operation(id).locator(`tr[data-param-name="${name}"] input`).first().fill(value);
  const answer = async (id: string) => {
    await operation(id).locator('.execute').click();
    const response = operation(id).locator('.live-responses-table .response').first();
    return {
      status: (await response.locator('.response-col_status').textContent())?.trim().slice(0, 3),
      body: JSON.parse((await response.locator('.highlight-code code').first().textContent()) ?? ''),
    };
  };

  await open('GetBook');
  await fill('GetBook', 'shelf', 'fiction');
  await fill('GetBook', 'book', 'moby-dick');
  t.match(await answer('GetBook'), { status: '200', body: { title: 'Moby-Dick' } });

  await open('BorrowBook');
  await fill('BorrowBook', 'shelf', 'science');
  await fill('BorrowBook', 'book', 'micrographia');
  await operation('BorrowBook').locator('textarea').fill('{"reader":"Ada"}');
  t.match(await answer('BorrowBook'), { status: '200', body: { reader: 'Ada' } });

  t.strictSame(record.complaints, [], 'the page has nothing to complain about');
  t.strictSame(
    record.requests.filter((url) => !url.startsWith(`${running.url}/`)),
    [],
    'no other host is asked for anything',
  );
  const shot = process.env.PROTOGATE_SCREENSHOT;
  if (shot !== undefined) await page.screenshot({ path: shot });
});
