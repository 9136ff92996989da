import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type ContentCoding, codings } from './content-coding.js';
import { indexHtml, initializerJs } from './ui-page.js';
import { streamsJs } from './ui-streams.js';

/** A file of the page. */
export interface Asset {
  /** '' for the page itself. */
  readonly name: string;
  readonly type: string;
  /** Quoted, as the header has it; that of the file as it is. */
  readonly etag: string;
  /** How it can be sent besides as it is. */
  readonly codings: readonly ContentCoding[];
  /** Its bytes, read when they are first asked for; undefined: as it is. */
  bytes(coding: ContentCoding | undefined): Uint8Array | Promise<Uint8Array>;
}

/** The files of swagger-ui that `scripts/copy-page.js` has put beside this module. */
interface Copied {
  readonly files: readonly { readonly name: string; readonly type: string; readonly hash: string; readonly compressed: boolean }[];
}

const html = 'text/html; charset=utf-8';
const javascript = 'text/javascript; charset=utf-8';

/** A strong entity tag: a hash of the content. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
}

const folder = new URL('./page/', import.meta.url);

/** The same in every generation, but for the page itself. */
let files: readonly Asset[] | undefined;

/**
 * The files of the page.
 *
 * @param title of the page
 * @param document path from the page to the document
 */
export function loadAssets(title: string, document: string): readonly Asset[] {
  files ??= [...copiedFiles(), textFile('streams.js', javascript, streamsJs), textFile('initializer.js', javascript, initializerJs)];
  const version = createHash('sha256')
    .update(files.map(({ etag }) => etag).join())
    .digest('hex')
    .slice(0, 12);
  return [textFile('', html, indexHtml(title, document, version)), ...files];
}

function copiedFiles(): Asset[] {
  const copied = JSON.parse(readFileSync(new URL('files.json', folder), 'utf8')) as Copied;
  return copied.files.map(({ name, type, hash, compressed }) => {
    const read = new Map<string, Promise<Uint8Array>>();
    return {
      name,
      type,
      etag: `"${hash}"`,
      codings: compressed ? codings : [],
      bytes(coding) {
        const file = coding === undefined ? name : `${name}.${endings[coding]}`;
        const known = read.get(file) ?? readFile(new URL(file, folder));
        read.set(file, known);
        // What could not be read is asked for again.
        known.catch(() => read.delete(file));
        return known;
      },
    };
  });
}

const endings: Readonly<Record<ContentCoding, string>> = { br: 'br', gzip: 'gz' };

function textFile(name: string, type: string, text: string): Asset {
  const bytes = Buffer.from(text);
  return { name, type, etag: etagOf(bytes), codings: [], bytes: () => bytes };
}
