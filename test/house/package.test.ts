import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { test } from 'tap';

const json = JSON.parse(readFileSync('package.json', 'utf8'));

/** Files that would be published. */
function packed(): readonly string[] {
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const report: unknown = JSON.parse(said);
  const [first] = Array.isArray(report) ? report : Object.values(Object(report));
  return first.files.map((file: { readonly path: string }) => file.path);
}

test('the package holds the gateway with its data, and nothing of the workshop', (t) => {
  const files = packed();
  const needed = [
    'LICENSE',
    'README.md',
    'dist/gateway/cli/main.js',
    'dist/gateway/index.js',
    'dist/gateway/index.d.ts',
    'dist/proto/google/api/annotations.proto',
    'dist/proto/third_party/buf/validate/validate.proto',
    'dist/proto/third_party/buf/validate/LICENSE',
    'docs/configuration.schema.json',
  ];
  for (const file of needed) t.ok(files.includes(file), file);
  const superfluous = files.filter((file) => /^(dist\/(test|examples|bench)|test|examples|\.ci)\/|\.map$|(?<!\.d)\.ts$/.test(file));
  t.strictSame(superfluous, []);
  t.end();
});

test('package.json points at files that the build makes', (t) => {
  const pointed = [json.bin.protogate, json.exports['.'].types, json.exports['.'].default, json.exports['./configuration.schema.json']];
  for (const file of pointed) t.ok(existsSync(file), file);
  accessSync(json.bin.protogate, constants.X_OK);
  t.match(readFileSync(json.bin.protogate, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  t.end();
});

test('the lock file names the same dependencies, and no registry', (t) => {
  const text = readFileSync('package-lock.json', 'utf8');
  const root = JSON.parse(text).packages[''];
  t.strictSame(root.dependencies, json.dependencies);
  t.strictSame(root.devDependencies, json.devDependencies);
  t.notMatch(text, /"resolved": "https?:/);
  t.end();
});

test('the lock file names what other platforms need', (t) => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const optional = Object.values(Object(packages)).flatMap((entry) => Object.keys(Object(entry).optionalDependencies ?? {}));
  const lacking = optional.filter((name) => Object.keys(packages).every((path) => !path.endsWith(`node_modules/${name}`)));
  t.strictSame(lacking, [], 'npm ci refuses a lock file without them');
  t.end();
});

test('the package runs no scripts where it is installed', (t) => {
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) t.equal(json.scripts[name], undefined, name);
  t.end();
});
