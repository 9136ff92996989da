import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { indexHtml, initializerJs } from './ui-page.js';
import { streamsJs } from './ui-streams.js';

/** A file of the page, in memory. */
export interface Asset {
  /** '' for the page itself. */
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  /** Quoted, as the header has it. */
  readonly etag: string;
}

const html = 'text/html; charset=utf-8';
const javascript = 'text/javascript; charset=utf-8';
const css = 'text/css; charset=utf-8';

/** What is served of swagger-ui-dist, and nothing else. */
const distributed: readonly (readonly [name: string, type: string])[] = [
  ['swagger-ui.css', css],
  ['index.css', css],
  ['swagger-ui-bundle.js', javascript],
  ['favicon-16x16.png', 'image/png'],
  ['favicon-32x32.png', 'image/png'],
];

/** A strong entity tag: a hash of the content. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
}

/**
 * Reads the files of the page from disk. Throws if swagger-ui-dist is not installed.
 *
 * @param title of the page
 * @param document path from the page to the document
 */
export function loadAssets(title: string, document: string): readonly Asset[] {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const files = [
    ...distributed.map(([name, type]) => asset(name, type, readFileSync(join(folder, name)))),
    asset('streams.js', javascript, Buffer.from(streamsJs)),
    asset('initializer.js', javascript, Buffer.from(initializerJs)),
  ];
  const version = createHash('sha256')
    .update(files.map(({ etag }) => etag).join())
    .digest('hex')
    .slice(0, 12);
  return [asset('', html, Buffer.from(indexHtml(title, document, version))), ...files];
}

function asset(name: string, type: string, bytes: Uint8Array): Asset {
  return { name, type, bytes, etag: etagOf(bytes) };
}
