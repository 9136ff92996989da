// Puts the files of swagger-ui that the documentation page needs beside the built code, compressed as well, with a list of their tags: users install none
// of the package, and the gateway neither reads nor hashes megabytes when it starts. Files that are there stay.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const javascript = 'text/javascript; charset=utf-8';
const css = 'text/css; charset=utf-8';
const served = [
  ['swagger-ui.css', css],
  ['index.css', css],
  ['swagger-ui-bundle.js', javascript],
  ['favicon-16x16.png', 'image/png'],
  ['favicon-32x32.png', 'image/png'],
];
const licences = ['LICENSE', 'NOTICE', 'swagger-ui-bundle.js.LICENSE.txt'];

const description = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json');
const from = dirname(description);
const { version } = JSON.parse(readFileSync(description, 'utf8'));
const to = 'dist/swagger/page';
const list = join(to, 'files.json');

if (!isCurrent()) copy();

function isCurrent() {
  if (!existsSync(list)) return false;
  const { version: copied, script } = JSON.parse(readFileSync(list, 'utf8'));
  return copied === version && script === ownHash();
}

function copy() {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const name of licences) copyFileSync(join(from, name), join(to, name));
  const files = served.map(([name, type]) => {
    const bytes = readFileSync(join(from, name));
    writeFileSync(join(to, name), bytes);
    const isText = !type.startsWith('image/');
    if (isText) {
      writeFileSync(join(to, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      writeFileSync(join(to, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    }
    return { name, type, hash: hashOf(bytes).slice(0, 27), compressed: isText };
  });
  // Written last: without it nothing counts as copied.
  writeFileSync(list, `${JSON.stringify({ version, script: ownHash(), files }, null, 2)}\n`);
}

/** What this script would do otherwise than it did is done anew. */
function ownHash() {
  return hashOf(readFileSync(new URL(import.meta.url)));
}

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('base64url');
}
