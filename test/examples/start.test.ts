import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'tap';
import { startChild } from '../gateway/cli/child.js';
import { parseCurl } from '../house/curl.js';
import { BookstoreClient } from './bookstore-client.js';

const program = 'dist/examples/start.js';

test('npm start serves the bookstore, and the lines that it prints work', async (t) => {
  const child = startChild(t, [program], { PORT: '0' });
  const [, ui = ''] = await child.line(/^ {2}Swagger UI +(\S+)$/);
  const [, document = ''] = await child.line(/^ {2}OpenAPI +(\S+)$/);
  const commands = [];
  for (let i = 0; i < 3; i++) commands.push((await child.line(/^ {2}(curl .*)$/))[1] ?? '');
  t.match(await (await fetch(ui)).text(), /swagger-ui/);
  t.match(await (await fetch(document)).json(), { openapi: '3.1.0', info: { title: 'Bookstore' } });

  const answers = [];
  for (const command of commands) {
    const { url, init } = parseCurl(command);
    answers.push(await fetch(url, init));
  }
  const [get, post, stream] = answers;
  t.match(await get?.json(), { name: 'shelves/fiction/books/frankenstein', title: 'Frankenstein', copiesSold: '9007199254740993' });
  t.match(await post?.json(), { name: 'shelves/fiction/books/emma', title: 'Emma', authors: [{ name: 'Jane Austen' }] });
  const titles = (await stream?.text())
    ?.trim()
    .split('\n')
    .map((line) => JSON.parse(line).title);
  t.strictSame(titles, ['Emma', 'Frankenstein', 'Moby-Dick', 'The Time Machine']);
  t.match(commands.join(), /curl -N/);

  child.process.kill('SIGINT');
  t.match(await child.ended, { code: 0, err: '' });
});

test('npm start says so when the port is taken', async (t) => {
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => other.close());
  const { port } = other.address() as AddressInfo;
  const ended = await startChild(t, [program], { PORT: String(port) }).ended;
  t.strictSame(ended, { code: 1, out: '', err: `Port ${port} is in use by another program. Choose another one: PORT=8081 npm start\n` });
});

test('the bookstore serves by itself where the environment says', async (t) => {
  const child = startChild(t, ['dist/examples/bookstore/main.js'], { PORT: '0' });
  const [, port = ''] = await child.line(/^bookstore\.v1\.BookService listens on 127\.0\.0\.1:(\d+)$/);
  const client = new BookstoreClient(Number(port));
  t.teardown(() => client.close());
  t.match(await client.unary('GetShelf', { name: 'shelves/science' }), { book_count: 2 });
  child.process.kill('SIGTERM');
  t.match(await child.ended, { code: 0, err: '' });
});
