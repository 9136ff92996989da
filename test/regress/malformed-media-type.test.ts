import { type Test, test } from 'tap';
import type { ConfigInput } from '../../gateway/index.js';
import { startDesk } from '../gateway/desk.js';
import type { Message } from '../support/backend.js';
import { send } from '../support/http.js';

const malformed = ['json', 'application/', '/json', 'a b/c', 'application/json, text/plain', '\u00e8', ';charset=utf-8'];

async function start(t: Test, config: ConfigInput = {}) {
  const seen: Message[] = [];
  const answer = ({ request }: { readonly request: Message }) => {
    seen.push(request);
    return {};
  };
  const { url } = await startDesk(t, { unary: { GetNote: answer, CreateNote: answer } }, config);
  const ask = async (method: string, path: string, body: string | undefined, type: string) => {
    const { status, text } = await send(url, method, path, body, { 'content-type': type });
    return [status, JSON.parse(text).message];
  };
  return { ask, seen };
}

test('a media type that is none is one that no method takes', async (t) => {
  const { ask, seen } = await start(t);
  const message =
    'The media type of the request body is not supported: send application/json, application/x-www-form-urlencoded, multipart/form-data, application/protobuf.';
  for (const type of malformed) t.strictSame(await ask('POST', '/v1/notes', '{}', type), [415, message], type);
  t.strictSame(seen, []);
});

test('where other types are taken for JSON it is, too', async (t) => {
  const { ask, seen } = await start(t, { policies: [{ select: '*', mediaTypes: 'lenient' }] });
  for (const type of malformed) t.strictSame(await ask('POST', '/v1/notes', '{"title":"t"}', type), [200, undefined], type);
  t.strictSame(
    seen,
    malformed.map(() => ({ title: 't' })),
  );
});

test('where there is no body it says nothing', async (t) => {
  const { ask } = await start(t);
  for (const type of malformed) t.strictSame(await ask('GET', '/v1/notes/1', undefined, type), [200, undefined], type);
});

test('an empty one is none at all, so that the body is JSON', async (t) => {
  const { ask, seen } = await start(t);
  t.strictSame(await ask('POST', '/v1/notes', '{"title":"t"}', ''), [200, undefined]);
  t.strictSame(seen, [{ title: 't' }]);
});
