import { BEGIN_OBJECT, COMMA, END_OBJECT, QUOTE } from '../ascii.js';
import type { Parsing } from './parsing.js';
import type { ParseField } from './plan.js';
import { failSyntax, failType, nullEnd, skipColon, skipSpace } from './syntax.js';
import { parseString, readQuoted } from './text.js';
import { beginLength, endLength, writeVarint32 } from './write.js';
import { spells, writeNumberText } from './write-number.js';

/**
 * An object as the entries of a map field; returns its end.
 *
 *     {"k":7}  ->  0a 05 0a 01 6b 10 07
 */
export function parseMap(p: Parsing, f: ParseField, pos: number, depth: number): number {
  const bytes = p.source.bytes;
  if (f.entry === undefined || bytes[pos] !== BEGIN_OBJECT) return failType(p, pos, 'an object');
  const { key, value } = f.entry;
  pos = skipSpace(bytes, pos + 1);
  if (bytes[pos] === END_OBJECT) return pos + 1;
  const out = p.out;
  const keys = p.enterMap();
  for (;;) {
    const before = out.length;
    writeVarint32(out, f.tag);
    const length = beginLength(out, f);
    const content = out.length;
    pos = parseKey(p, key, pos);
    const keyEnd = pos;
    const keySize = out.length - content;
    pos = skipColon(p, pos);
    if (value.kind !== 'value' && value.kind !== 'null' && nullEnd(p, pos) >= 0) p.fail(pos, 'null is not a value of a map');
    writeVarint32(out, value.tag);
    pos = p.run.value(p, value, pos, depth);
    if (p.dropped) {
      p.dropped = false;
      out.length = before;
    } else {
      endLength(out, f, length);
      // The key is where it stays now that the length before it has its size.
      const start = length + f.lengthSize;
      if (!keys.add(out.bytes, start, start + keySize)) p.fail(keyEnd, 'the key occurs twice');
    }
    pos = skipSpace(bytes, pos);
    const byte = bytes[pos] as number;
    if (byte === END_OBJECT) break;
    if (byte !== COMMA) failSyntax(p, pos, "',' or '}'");
    pos = skipSpace(bytes, pos + 1);
  }
  p.leaveMap(keys);
  return pos + 1;
}

/** Keys are strings in JSON, whatever their kind. Returns the end of the string. */
function parseKey(p: Parsing, key: ParseField, pos: number): number {
  if (p.source.bytes[pos] !== QUOTE) failSyntax(p, pos, 'a key in quotes');
  writeVarint32(p.out, key.tag);
  if (key.kind === 'string') return parseString(p, pos);
  const end = readQuoted(p, pos);
  const { bytes, start, end: stop } = p.text;
  if (key.kind === 'bool') writeBool(p, bytes, start, stop, end);
  else writeNumberText(p, key, bytes, start, stop, end);
  return end;
}

/** The text `true` or `false`. */
export function writeBool(p: Parsing, bytes: Uint8Array, start: number, end: number, at: number): void {
  const value = spells(bytes, start, end, 'true');
  if (!value && !spells(bytes, start, end, 'false')) p.fail(at, 'true or false is expected');
  p.out.byte(value ? 1 : 0);
}
