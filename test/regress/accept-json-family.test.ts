import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import { send } from '../support/http.js';

const rows: readonly (readonly [accept: string, status: number, unary: string, stream: string])[] = [
  ['application/hal+json', 200, 'application/json', 'application/json'],
  ['application/vnd.acme.v2+json; charset=utf-8', 200, 'application/json', 'application/json'],
  ['text/csv, application/ld+json;q=0.1', 200, 'application/json', 'application/json'],
  ['application/hal+json, application/*;q=0.1', 200, 'application/json', 'application/x-ndjson'],
  ['application/hal+json;q=0', 406, '', ''],
  ['application/json;q=0, application/hal+json', 406, '', ''],
  ['application/xml', 406, '', ''],
  ['text/json', 406, '', ''],
];

test('who accepts a type of the +json family and nothing else of what there is gets JSON', async (t) => {
  const GetNote = () => ({ name: 'n' });
  const StreamNotes = async (_: unknown, out: { write(m: object): boolean }) => void out.write({ name: 'n' });
  const { url } = await startDesk(t, { unary: { GetNote }, stream: { StreamNotes } });
  for (const [accept, status, unary, stream] of rows) {
    for (const [path, type] of [
      ['/v1/notes/1', unary],
      ['/v1/notes:stream', stream],
    ] as const) {
      const answer = await send(url, 'GET', path, undefined, { accept });
      t.equal(answer.status, status, `${accept} ${path}`);
      if (status === 200) t.equal(answer.headers['content-type'], type, `${accept} ${path}`);
    }
  }
  const other = await send(url, 'GET', '/v1/notes/1', undefined, { accept: 'application/hal+json, application/protobuf' });
  t.equal(other.headers['content-type'], 'application/protobuf', 'what is there goes first');
});
