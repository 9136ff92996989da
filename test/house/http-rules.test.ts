import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { type Test, test } from 'tap';
import { parse } from 'yaml';
import { compileBindings } from '../../annotations/compile.js';
import { startGateway } from '../../gateway/index.js';
import { Failure, type Message, type StreamHandler, startBackend } from '../support/backend.js';
import { send } from '../support/http.js';
import { schemaOf } from '../support/schema.js';
import { parseCurl } from './curl.js';
import { fileIsGenerated, partIsGenerated } from './generated.js';
import { blocksOf } from './markdown.js';

const page = 'docs/http-rules.md';
const text = readFileSync(page, 'utf8');
const [proto = ''] = blocksOf(text, 'proto');
const methods = [...proto.matchAll(/rpc (\w+)\(\w+\) returns \((?!stream)/g)].map(([, name = '']) => name);

/** The gateway of the page: its proto, its rules, its configuration, and a server that answers with what it is asked. */
async function startLibrary(t: Test): Promise<string> {
  const [config = '', rules = ''] = blocksOf(text, 'yaml');
  const folder = t.testdir({ 'library.proto': proto, 'rules.yaml': rules });
  const file = join(folder, 'library.proto');
  const echo = ({ request }: { readonly request: Message }) => {
    if (request.path === 'missing') throw new Failure(status.NOT_FOUND, 'no such file');
    return request;
  };
  const handlers = Object.fromEntries(methods.map((name) => [`library.v1.Library.${name}`, echo]));
  const cover = ({ request }: { readonly request: Message }) => request.cover as Message;
  const watch: StreamHandler = async ({ request }, out) => {
    out.write(request);
  };
  const backend = await startBackend(file, {
    unary: { ...handlers, 'library.v1.Library.PutCover': cover },
    stream: { 'library.v1.Library.WatchBooks': watch },
  });
  t.teardown(() => backend.close());
  const running = await startGateway({
    ...parse(config),
    listen: '127.0.0.1:0',
    sources: { protos: [file], rules: [join(folder, 'rules.yaml')] },
    upstreams: { default: { target: backend.target } },
    log: { level: 'silent' },
  });
  t.teardown(() => running.close({ graceMs: 0 }));
  return running.url;
}

/** What the page shows of an answer: its status, its `Allow` or other type than JSON, its body. */
async function answerTo(url: string, command: string): Promise<string> {
  const { url: target, init } = parseCurl(command);
  const { status, headers, text } = await send(url, init.method, target.slice(target.indexOf('/')), init.body, init.headers);
  const type = headers['content-type'] ?? '';
  const shown = [
    String(status),
    ...(headers.allow === undefined ? [] : [`allow: ${headers.allow}`]),
    ...(type === '' || type.startsWith('application/json') ? [] : [`content-type: ${type}`]),
  ];
  return [shown.join(', '), text.trimEnd()].join(' ').trimEnd();
}

/** Details that say of a field what the message says. */
const violations = /"details":\[\{"@type":"type.googleapis.com\/google.rpc.BadRequest".*\}\]/;

test('every request of docs/http-rules.md has the answer that stands below it', async (t) => {
  const url = await startLibrary(t);
  let refusals = 0;
  const blocks = text.split(/(^```console\n.*?^```$)/gms);
  for (const [i, block] of blocks.entries()) {
    if (!block.startsWith('```console')) continue;
    const commands = block.split('\n').filter((line) => line.startsWith('$ '));
    const lines: string[] = [];
    for (const command of commands) {
      const answer = await answerTo(url, command.slice(2));
      lines.push(command, refusals > 0 ? answer.replace(violations, '"details":[...]') : answer);
      if (violations.test(answer)) refusals += 1;
    }
    blocks[i] = ['```console', ...lines, '```'].join('\n');
  }
  fileIsGenerated(t, page, blocks.join(''));
});

/** The reason why a rule of a method with a CreateBookRequest is refused, alone or beside others. */
function reasons(...rules: readonly string[]): readonly string[] {
  const more = rules.map((rule, i) => `rpc Try${i}(CreateBookRequest) returns (Book) { option (google.api.http) = { ${rule} }; }`);
  const service = `service Library {\n${more.join('\n')}\n}`;
  const schema = schemaOf({ 'library.proto': proto.replace(/^service Library \{.*?^\}$/ms, service) });
  const result = compileBindings(schema, { invalidRules: 'error', conflicts: 'error' });
  return result.ok ? [] : result.problems.map(({ reason }) => reason);
}

const refused = [
  'get: "v1/books"',
  'get: "/v1/books/"',
  'get: "/v1/books?x=1"',
  'get: "/v1/{book_id"',
  'get: "/v1/{parent=shelves/{book_id}}"',
  'get: "/v1/{parent=**}/{book_id}"',
  'get: "/v1/*books"',
  'get: "/v1/{bookid}"',
  'get: "/v1/{bookId}"',
  'get: "/v1/{book}"',
  'get: "/v1/{book.authors}"',
  'get: "/v1/{book_id}/{book_id}"',
  'get: "/v1/books" body: "*"',
  'post: "/v1/books" body: "books"',
  'post: "/v1/books" body: "book.title"',
  'post: "/v1/{book_id}" body: "book_id"',
  'get: "/v1/books" response_body: "titles"',
  'custom { kind: "CONNECT" path: "/v1" }',
  'body: "*"',
  'get: "/v1" additional_bindings { get: "/v2" additional_bindings { get: "/v3" } }',
];

test('every rule of docs/http-rules.md that is refused is refused for that reason', async (t) => {
  const found = refused.map((rule) => reasons(rule));
  const rows = refused.map((rule, i) => `| \`${rule}\` | ${(found[i] ?? []).join('; ').replaceAll('*', '\\*').replaceAll('|', '\\|')} |`);
  for (const [i, reason] of found.entries()) t.equal(reason.length, 1, refused[i] ?? '');
  partIsGenerated(t, page, 'refused', ['| rule | why |', '|---|---|', ...rows].join('\n'));
});

test('so is its conflict, and no other', async (t) => {
  const [one, other] = ['get: "/v1/{parent=shelves/*}/books"', 'get: "/v1/shelves/{book_id}/books"'];
  const [reason = ''] = reasons(one, other);
  partIsGenerated(t, page, 'conflict', ['```text', one, other, reason, '```'].join('\n'));
  t.strictSame(reasons(one, 'get: "/v1/{parent=shelves/**}"', 'get: "/v1/shelves/all/books"'), []);
});
