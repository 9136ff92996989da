import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'tap';
import { readTls } from '../../../gateway/runtime/upstream-tls.js';
import { printProblem } from '../../../proto/problem.js';
import { testTls } from '../../support/tls.js';

const { ca, client, server } = testTls;
const { privateKey: locked } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
});

test('what the files hold is taken', async (t) => {
  const folder = t.testdir({ 'ca.pem': Buffer.concat([ca, ca]), 'cert.pem': client.cert, 'key.pem': client.key });
  const at = (file: string) => join(folder, file);
  const read = await readTls('books', { ca: at('ca.pem'), cert: at('cert.pem'), key: at('key.pem'), serverName: 'books' });
  t.strictSame(read.ok && read.value, { ca: Buffer.concat([ca, ca]), cert: client.cert, key: client.key, serverName: 'books' });
  t.strictSame(await readTls('books', undefined), { ok: true, value: {}, warnings: [] });
});

for (const [what, files, ...expected] of [
  [
    'a file that is not there',
    {},
    'ca: cannot read DIR/ca.pem: ENOENT',
    'cert: cannot read DIR/cert.pem: ENOENT',
    'key: cannot read DIR/key.pem: ENOENT',
  ],
  [
    'other text',
    { 'ca.pem': 'x', 'cert.pem': 'x', 'key.pem': 'x' },
    'ca: DIR/ca.pem has no certificate in PEM that can be read',
    'cert: DIR/cert.pem has no certificate in PEM that can be read',
    'key: DIR/key.pem has no private key without a password in PEM that can be read',
  ],
  [
    'a key behind a password',
    { 'ca.pem': ca, 'cert.pem': client.cert, 'key.pem': locked },
    'key: DIR/key.pem has no private key without a password in PEM that can be read',
  ],
  [
    'the key of another certificate',
    { 'ca.pem': ca, 'cert.pem': client.cert, 'key.pem': server.key },
    'key: is not the key of the certificate in DIR/cert.pem',
  ],
] as const) {
  test(`refused: ${what}`, async (t) => {
    const folder = t.testdir(files);
    const at = (file: string) => join(folder, file);
    const read = await readTls('books', { ca: at('ca.pem'), cert: at('cert.pem'), key: at('key.pem') });
    const problems = read.ok ? [] : read.problems.map((problem) => printProblem(problem).replaceAll(folder, 'DIR'));
    t.strictSame(
      problems,
      expected.map((line) => `upstreams.books.tls.${line}`),
    );
  });
}
