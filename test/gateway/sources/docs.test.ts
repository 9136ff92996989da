import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { reflectionSettings } from '../../../gateway/config/config.js';
import { maxConfigFile } from '../../../gateway/config/file.js';
import { listenerSettings } from '../../../gateway/lifecycle/fixed-settings.js';
import {
  MAX_DESCRIPTOR_SET,
  MAX_FILES,
  MAX_FOLDER_DEPTH,
  MAX_FOLDERS,
  MAX_PROTO,
  MAX_REFLECTED_BYTES,
  MAX_REFLECTED_FILES,
  MAX_REFLECTED_SERVICES,
} from '../../../gateway/sources/limits.js';
import { loadProtos } from '../../../gateway/sources/proto-source.js';
import { FETCH_TIMEOUT_MS } from '../../../gateway/sources/url.js';
import { EDITIONS } from '../../../proto/text/editions.js';
import { MAX_DEPTH } from '../../../proto/wire/wire.js';
import { blocksOf } from '../../house/markdown.js';
import { outcomeOf } from '../cli/outcome.js';

test('docs/sources.md has the limits and editions of the program', async (t) => {
  const manual = readFileSync('docs/sources.md', 'utf8');
  const mebibytes = (bytes: number) => `${bytes / 2 ** 20} MiB`;
  for (const row of [
    `| a \`.proto\` file | ${mebibytes(MAX_PROTO)} |`,
    `| \`.proto\` files below one folder | ${MAX_FILES.toLocaleString('en')} |`,
    `| folders below one folder | ${MAX_FOLDERS.toLocaleString('en')} |`,
    `| depth of folders | ${MAX_FOLDER_DEPTH} |`,
    `| a descriptor set | ${mebibytes(MAX_DESCRIPTOR_SET)}; from a URL, ${FETCH_TIMEOUT_MS / 1000} s to arrive |`,
    `| a rules file | ${mebibytes(maxConfigFile)} |`,
    `| by reflection: services, files, bytes of one server | ${[MAX_REFLECTED_SERVICES, MAX_REFLECTED_FILES].map((n) => n.toLocaleString('en')).join(', ')}, ${mebibytes(MAX_REFLECTED_BYTES)} |`,
    `| by reflection: time for the whole answer | ${(reflectionSettings(true)?.timeoutMs ?? 0) / 1000} s (\`timeoutMs\`) |`,
    `| values inside values of an option, parts of an option's name | ${MAX_DEPTH} |`,
  ]) {
    t.ok(manual.includes(row), row);
  }
  for (const edition of EDITIONS.keys()) t.ok(manual.includes(edition), `edition ${edition}`);
});

test('docs/sources.md names the settings that a reload cannot change', async (t) => {
  const [text = ''] = /settings of the file count only after a restart:([^.]|\.\w)*/.exec(readFileSync('docs/sources.md', 'utf8')) ?? [];
  const named = [...text.matchAll(/`([\w.]+)`/g)].map(([, key]) => key);
  t.strictSame(named, [...listenerSettings.map(([key]) => key), 'log']);
});

test('the example of rules in docs/sources.md is legal', async (t) => {
  const manual = readFileSync('docs/sources.md', 'utf8');
  const [yaml = ''] = blocksOf(manual, 'yaml');
  const folder = t.testdir({
    'rules.yaml': yaml,
    'helloworld.proto': `syntax = "proto3"; package helloworld;
service Greeter { rpc SayHello(Request) returns (Reply); rpc WatchGreetings(Request) returns (stream Reply); }
message Request { string name = 1; string filter = 2; }
message Reply { repeated string greetings = 1; }`,
  });
  const out = `METHOD  PATH                  RPC                                                BODY    QUERY
POST    /v1/greetings         helloworld.Greeter.SayHello                        *       -
SEARCH  /v1/greetings         helloworld.Greeter.WatchGreetings (server stream)  filter  name
GET     /v1/greetings/{name}  helloworld.Greeter.SayHello                        -       filter
`;
  t.strictSame(await outcomeOf(`routes --proto ${folder}/helloworld.proto --rules ${folder}/rules.yaml`), { code: 0, out, err: '' });
});

test('the example of import paths in docs/sources.md is true', async (t) => {
  const proto = (body: string) => `syntax = "proto3"; package bookstore.v1; ${body}`;
  const folder = t.testdir({
    proto: {
      bookstore: {
        v1: {
          'books.proto': proto('import "bookstore/v1/shelf.proto"; message Book { Shelf shelf = 1; }'),
          'shelf.proto': proto('message Shelf {}'),
        },
      },
    },
  });
  t.equal((await loadProtos([`${folder}/proto`], [])).ok, true);
  t.equal((await loadProtos([`${folder}/proto/bookstore`], [`${folder}/proto`])).ok, true);
  const guessed = await loadProtos([`${folder}/proto/bookstore`], []);
  t.match(guessed.ok && guessed.warnings[0]?.reason, `add -I ${folder}/proto,`);
  const refused = await loadProtos([`${folder}/proto/bookstore/v1/books.proto`], []);
  t.match(refused.ok ? '' : refused.problems[0]?.reason, `seems to be meant: add -I ${folder}/proto`);
});
