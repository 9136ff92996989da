import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import type { Case, Expected } from '../../bench/gateway/cases.js';
import { verify } from '../../bench/gateway/verify.js';

/** Answers each request so, and verifies that against what is expected. */
async function check(t: Test, status: number, body: string, expected: Expected): Promise<void> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const of: Case = { name: 'c', title: 'c', method: 'GET', path: '/', connections: 1, rpc: 'GetBook', expected };
  await verify(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, of);
}

const book: Expected = { kind: 'value', value: { title: 'Emma', tags: undefined, author: { name: 'Jane' } } };
const items: Expected = { kind: 'items', value: { id: 1 }, count: 2 };
const lost: Expected = { kind: 'error', status: 404, code: 5, message: 'no such book' };

const right: readonly (readonly [what: string, status: number, body: string, expected: Expected])[] = [
  ['keys in another order', 200, '{"author":{"name":"Jane"},"title":"Emma"}', book],
  ['printed empty values', 200, '{"title":"Emma","isbn":"","tags":[],"author":{"name":"Jane"}}', book],
  ['items by line', 200, '{"id":1}\n{"id":1}\n', items],
  ['items in an envelope', 200, '{"result":{"id":1}}\n{"result":{"id":1}}\n', items],
  ['items of an array', 200, '[{"id":1},{"id":1}]', items],
  ['an error', 404, '{"code":5,"message":"no such book","details":[]}', lost],
];
for (const [what, status, body, expected] of right) {
  t.test(`${what}: the same`, async (t) => {
    await t.resolves(check(t, status, body, expected));
  });
}

const wrong: readonly (readonly [what: string, status: number, body: string, expected: Expected, says: string])[] = [
  ['another value', 200, '{"title":"Emma","author":{"name":"J"}}', book, 'another answer: {"title":"Emma","author":{"name":"J"}}'],
  ['a status that is not expected', 500, 'oops', book, 'status 500, not 200: oops'],
  ['one item too few', 200, '{"id":1}\n', items, 'another answer: {"id":1}\n'],
  ['another code', 404, '{"code":2,"message":"no such book"}', lost, 'another answer: {"code":2,"message":"no such book"}'],
];
for (const [what, status, body, expected, says] of wrong) {
  t.test(`${what}: refused`, async (t) => {
    await t.rejects(check(t, status, body, expected), { message: says });
  });
}
