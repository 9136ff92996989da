import { Dicer } from '@fastify/busboy';
import { Refusal } from '../exchange/refusal.js';
import { MAX_HEADER_LINES, type Part, readPartHead } from './part.js';

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

/** The parser is given this much at a time: no more is taken apart of a body that is refused. */
const STEP = 16 * 1024;

/**
 * Takes a body of `multipart/form-data` (RFC 7578) apart. The contents of the parts stay views into it. Calls `done` once, with a {@link Refusal} if
 * the body is malformed or has more than `maxParts` parts; throws one if the media type is.
 */
export function readParts({ type, bytes }: Multipart, maxParts: number, done: (error: Error | undefined, parts: Parts) => void): void {
  const dicer = createPartParser(type);
  const parts: Part[] = [];
  let count = 0;
  let settled = false;
  const settle = (error?: Error) => {
    if (settled) return;
    settled = true;
    done(error, { kind: 'parts', parts });
  };
  // What this throws stops the parser in the middle of its work.
  dicer.on('part', (stream) => {
    if (parts.length < count) throw noHead(count);
    count += 1;
    if (count > maxParts) throw new Refusal('field', '', `The body has more than ${maxParts} parts.`);
    collect(stream, count, parts, settle);
  });
  dicer.on('error', () => settle(new Refusal('field', '', 'The multipart body is incomplete: its last boundary is missing.')));
  dicer.on('finish', () => settle(parts.length < count ? noHead(count) : undefined));

  let at = 0;
  const pump = () => {
    try {
      while (at < bytes.length && !settled) {
        const step = bytes.subarray(at, at + STEP);
        at += STEP;
        if (!dicer.write(step)) {
          dicer.once('drain', pump);
          return;
        }
      }
      if (!settled) dicer.end();
    } catch (e) {
      settle(e as Error);
    }
  };
  pump();
}

/** What is said of a part whose headers have no end. */
export function noHead(number: number): Refusal {
  return new Refusal('field', '', `Part ${number} of the body has no end of its headers.`);
}

function collect(stream: Dicer.PartStream, number: number, parts: Part[], fail: (error: Error) => void): void {
  const content: Uint8Array[] = [];
  stream.on('data', (piece: Uint8Array) => content.push(piece));
  stream.on('error', () => {}); // the parser says it too
  stream.on('header', (header) => {
    parts.push({ ...readPartHead(header, number), content });
  });
  stream.on('end', () => {
    if (parts.length < number) fail(noHead(number));
  });
}

/** Takes a body apart as it is written: tells each part, its headers and its bytes. */
export type PartParser = Dicer;

/** A parser for a body of that media type; throws {@link Refusal} if that is malformed. */
export function createPartParser(type: string): PartParser {
  // Lines over the bound are seen, and refused: of more the parser says nothing.
  return new Dicer({ boundary: boundaryOf(type), maxHeaderPairs: MAX_HEADER_LINES + 1 });
}

/** The boundary parameter of the media type (RFC 2046 section 5.1.1). Throws {@link Refusal}. */
function boundaryOf(type: string): string {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]*)"|([^\s;"]+))/i.exec(type) ?? [];
  const boundary = quoted ?? bare ?? '';
  if (/^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary)) return boundary;
  throw new Refusal('header', 'content-type', 'must have a boundary of 1 to 70 characters');
}
