import { readFileSync, statSync } from 'node:fs';
import type { Problem } from '../../proto/problem.js';
import { strangeness } from './descriptor-set.js';
import { MAX_PROTO } from './limits.js';
import { readFailure, sourceProblem } from './problem.js';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Text of a `.proto` file; undefined if it cannot be read, which becomes a problem. Bytes that are not UTF-8 (comments in Latin-1) are replaced,
 * with a warning.
 */
export function readProtoText(path: string, problems: Problem[]): string | undefined {
  try {
    const { size } = statSync(path);
    if (size > MAX_PROTO) {
      problems.push(sourceProblem(path, `has ${size} bytes; the limit for a .proto file is ${MAX_PROTO}`));
      return undefined;
    }
    const bytes = readFileSync(path);
    if (!isBinary(bytes)) return decode(path, bytes, problems);
    problems.push(
      sourceProblem(path, 'is binary, not .proto source; a FileDescriptorSet is given with --descriptor-set (sources.descriptorSets)'),
    );
    return undefined;
  } catch (error) {
    problems.push(sourceProblem(path, readFailure(error)));
    return undefined;
  }
}

/** No source has control characters in it, unless it is UTF-16; a small descriptor set may have no zero. */
function isBinary(bytes: Uint8Array): boolean {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return !isUtf16 && (bytes.includes(0) || (bytes.some((byte) => byte < 9) && strangeness(bytes) === undefined));
}

function decode(path: string, bytes: Uint8Array, problems: Problem[]): string {
  try {
    return strict.decode(bytes);
  } catch {
    const text = lenient.decode(bytes);
    const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
    const reason = 'is not UTF-8; what cannot be decoded is replaced by U+FFFD, so save the file as UTF-8';
    problems.push({ severity: 'warning', file: path, line, subject: '', reason });
    return text;
  }
}
