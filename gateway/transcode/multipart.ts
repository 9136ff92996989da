import { Dicer } from '@fastify/busboy';
import { Refusal } from '../exchange/refusal.js';
import { type Part, readPartHead } from './part.js';

/** A body of `multipart/form-data` that is not taken apart yet. */
export interface Multipart {
  readonly kind: 'multipart';
  /** The Content-Type as it came. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The parts of a body of `multipart/form-data` in their order. */
export interface Parts {
  readonly kind: 'parts';
  readonly parts: readonly Part[];
}

/** Most parts in one body: as many as a form has fields. */
export const MAX_PARTS = 1000;
/** The parser is given this much at a time, so that a body of too many parts costs no more than the parts that may be. */
const STEP = 16 * 1024;

/**
 * Takes a body of `multipart/form-data` (RFC 7578) apart. The contents of the parts stay views into it. Calls `done` once, with a {@link Refusal} if
 * the body is malformed; throws one if the media type is.
 */
export function readParts({ type, bytes }: Multipart, done: (error: Error | undefined, parts: Parts) => void): void {
  const dicer = new Dicer({ boundary: boundaryOf(type) });
  const parts: Part[] = [];
  let count = 0;
  let settled = false;
  const settle = (error?: Error) => {
    if (settled) return;
    settled = true;
    done(error, { kind: 'parts', parts });
  };
  dicer.on('part', (stream) => {
    collect(stream, ++count, parts, settle);
  });
  dicer.on('error', () => settle(new Refusal('field', '', 'The multipart body is incomplete: its last boundary is missing.')));
  dicer.on('finish', () => settle());

  let at = 0;
  const pump = () => {
    while (at < bytes.length && !settled) {
      const step = bytes.subarray(at, at + STEP);
      at += STEP;
      if (!dicer.write(step)) {
        dicer.once('drain', pump);
        return;
      }
    }
    if (!settled) dicer.end();
  };
  pump();
}

function collect(stream: Dicer.PartStream, number: number, parts: Part[], fail: (error: Error) => void): void {
  const content: Uint8Array[] = [];
  let hasHead = false;
  stream.on('data', (piece: Uint8Array) => content.push(piece));
  stream.on('error', () => {}); // the parser says it too
  stream.on('header', (header) => {
    hasHead = true;
    try {
      if (number > MAX_PARTS) throw new Refusal('field', '', `The body has more than ${MAX_PARTS} parts.`);
      parts.push({ ...readPartHead(header, number), content });
    } catch (e) {
      fail(e as Error);
    }
  });
  stream.on('end', () => {
    if (!hasHead) fail(new Refusal('field', '', `Part ${number} of the body has no end of its headers.`));
  });
}

/** The boundary parameter of the media type (RFC 2046 section 5.1.1). */
function boundaryOf(type: string): string {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]*)"|([^\s;"]+))/i.exec(type) ?? [];
  const boundary = quoted ?? bare ?? '';
  if (/^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary)) return boundary;
  throw new Refusal('header', 'content-type', 'must have a boundary of 1 to 70 characters');
}
