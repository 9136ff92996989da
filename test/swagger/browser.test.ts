import Fastify from 'fastify';
import type { Locator, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { docsPlugin } from '../../swagger/ui.js';
import { openBrowser, recordPage } from '../support/browser.js';
import { library } from './library.js';
import { sampleOf } from './sample.js';

interface Seen {
  readonly method: string;
  readonly url: string | undefined;
  readonly body: unknown;
}

/** Documentation under a prefix, beside routes that answer everything and remember it. */
async function serveLibrary(t: Test): Promise<{ readonly origin: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const document = new TextEncoder().encode(sampleOf(library, { servers: [{ url: '.' }] }).text);
  const app = Fastify();
  t.teardown(() => app.close());
  await app.register(docsPlugin, { prefix: '/api', document: () => document });
  app.all('/api/v1/*', async (request) => {
    seen.push({ method: request.method, url: request.raw.url, body: request.body });
    return { title: `answer ${seen.length}` };
  });
  return { origin: await app.listen({ host: '127.0.0.1', port: 0 }), seen };
}

async function unfold(page: Page, operationId: string): Promise<Locator> {
  const operation = page.locator(`#operations-Library-${operationId}`);
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.execute').waitFor();
  return operation;
}

async function fill(operation: Locator, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await operation.locator(`tr[data-param-name="${name}"]`).locator('input, textarea').first().fill(value);
  }
}

async function execute(operation: Locator): Promise<string | null> {
  await operation.locator('.execute').click();
  return operation.locator('.live-responses-table .response .highlight-code').first().textContent();
}

t.test('Swagger UI in a browser', async (t) => {
  const browser = await openBrowser(t);
  if (browser === undefined) return;
  const { origin, seen } = await serveLibrary(t);
  const page = await browser.newPage({ viewport: { width: 1200, height: 1600 } });
  page.setDefaultTimeout(10_000);
  const record = recordPage(page);
  await page.goto(`${origin}/api/swagger-ui`);
  await page.locator('.opblock').first().waitFor();

  t.equal(page.url(), `${origin}/api/swagger-ui/`);
  t.equal((await page.locator('.info .title').textContent())?.startsWith('Sample'), true);
  const operations = await page.locator('.opblock-summary').evaluateAll((rows) =>
    rows.map((row) => {
      const text = (part: string) => row.querySelector(part)?.textContent?.replaceAll('\u200b', '');
      return `${text('.opblock-summary-method')} ${text('.opblock-summary-path, .opblock-summary-path__deprecated')}`;
    }),
  );
  t.same(operations, [
    'GET /v1/shelves/{shelf}/books/{book}',
    'DELETE /v1/shelves/{shelf}/books/{book}',
    'PATCH /v1/shelves/{shelf}/books/{book}',
    'GET /v1/books/{name}',
    'GET /v1/shelves/{shelf}/books',
    'POST /v1/shelves/{shelf}/books',
    'POST /v1/shelves/{shelf}/books/{book}:publish',
    'GET /v1/shelves/{shelf}/books:watch',
    'GET /v1/files/{file}',
    'PUT /v1/files/{file}',
    'POST /v1/upload',
    'GET /v1/query/{count}',
  ]);

  const publish = await unfold(page, 'Library_PublishBook');
  await fill(publish, { shelf: 'my shelf', book: 'a:1' });
  t.match(await execute(publish), '"answer 1"', 'the answer is shown');
  t.same(
    seen.at(-1),
    { method: 'POST', url: '/api/v1/shelves/my%20shelf/books/a%3A1:publish', body: { delay: '1.5s' } },
    'Try it out sends each wildcard as a segment, and the example as body',
  );

  const read = await unfold(page, 'Library_ReadFile');
  await fill(read, { file: 'a b/c' });
  t.match(await execute(read), '"answer 2"');
  t.same(seen.at(-1), { method: 'GET', url: '/api/v1/files/a%20b/c', body: undefined }, 'slashes of several segments are kept');

  const query = await unfold(page, 'Library_Query');
  await fill(query, { count: '9007199254740993', 'filter.text': 'a&b', limits: '{"x y": "1"}' });
  await query.locator('tr[data-param-name="genres"] select').selectOption(['FICTION', 'HISTORY']);
  t.match(await execute(query), '"answer 3"');
  const sent = new URL(seen.at(-1)?.url ?? '', origin);
  t.equal(sent.pathname, '/api/v1/query/9007199254740993');
  t.same(
    [...sent.searchParams],
    [
      ['filter.text', 'a&b'],
      ['limits[x y]', '1'],
      ['genres', 'FICTION'],
      ['genres', 'HISTORY'],
    ],
    'a query has what was filled in, and nothing else',
  );

  t.same(record.complaints, []);
  t.same(
    record.requests.filter((url) => !url.startsWith(`${origin}/api/`)),
    [],
    'no other host is asked for anything',
  );
});
