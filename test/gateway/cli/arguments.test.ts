import { test } from 'tap';
import { parseArguments } from '../../../gateway/cli/arguments.js';

const read = (line: string) => parseArguments(line.split(' ').filter((word) => word !== ''));

test('wrong use is explained in one line that ends with where to look', (t) => {
  const rows = [
    ['chek', "unknown command 'chek', did you mean check?"],
    ['xyzzy', "unknown command 'xyzzy'"],
    ['--prto x', "unknown option '--prto' (Did you mean --proto?)"],
    ['--reflect', "unknown option '--reflect' (Did you mean --reflection?)"],
    ['--compt grpc-gateway', "unknown option '--compt' (Did you mean --compat?)"],
    ['--proto', "option '--proto <path>' argument missing"],
    ['check --skip-invalid extra', "too many arguments for 'check'. Expected 0 arguments but got 1"],
    ['openapi --format xml', "option '--format <format>' argument 'xml' is invalid. Allowed choices are json, yaml"],
  ] as const;
  for (const [line, text] of rows)
    t.strictSame(read(line), { command: 'explain', text: `protogate: ${text}; see protogate --help\n`, code: 2 }, line);
  t.end();
});

test('without arguments it explains itself, as wrong use; when asked to, as right use', (t) => {
  const silent = read('');
  const asked = read('--help');
  t.match(silent, { command: 'explain', code: 2, text: /^Usage: protogate .*--descriptor-set .*Examples:\n/s });
  t.strictSame(asked, { ...silent, code: 0 });
  t.match(read('check --help'), { command: 'explain', code: 0, text: /^Usage: protogate check .*--import-path /s });
  t.match(read('--version'), { command: 'explain', code: 0, text: /^\d+\.\d+\.\d+\S*\n$/ });
  t.end();
});

test('a command is one of four, serve if none is named', (t) => {
  for (const [line, command] of [
    ['-c x.yaml', 'serve'],
    ['serve -c x.yaml', 'serve'],
  ] as const)
    t.strictSame(read(line), { command, file: 'x.yaml', given: [] }, line);
  const check = { command: 'check', file: 'x.yaml', given: [] };
  t.strictSame(read('-c x.yaml check'), { ...check, format: 'human', strict: false, ignore: [] });
  const options = '--strict --format github --ignore own-path --ignore delete-body';
  t.strictSame(read(`-c x.yaml check ${options}`), { ...check, format: 'github', strict: true, ignore: ['own-path', 'delete-body'] });
  const routes = { command: 'routes', file: 'x.yaml', given: [] };
  t.strictSame(read('routes -c x.yaml'), { ...routes, format: 'table', all: false, filters: [] });
  t.strictSame(read('routes GET --all --format json -c x.yaml /v1'), { ...routes, format: 'json', all: true, filters: ['GET', '/v1'] });
  const openapi = { command: 'openapi', file: undefined, given: [] };
  t.strictSame(read('openapi'), { ...openapi, format: 'json', openapi: '3.1' });
  t.strictSame(read('openapi --format yaml --openapi 3.0'), { ...openapi, format: 'yaml', openapi: '3.0' });
  t.end();
});

test('flags are kept in the order in which they were given', (t) => {
  const request = read('check --proto a -I b --proto c --no-docs --skip-invalid');
  const given = request.command === 'explain' ? [] : request.given.map(({ name, text }) => [name, text]);
  t.strictSame(given, [
    ['--proto', 'a'],
    ['--import-path', 'b'],
    ['--proto', 'c'],
    ['--no-docs', ''],
    ['--skip-invalid', ''],
  ]);
  t.end();
});
