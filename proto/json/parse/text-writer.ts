import { END_GROUP, START_GROUP } from '../../wire/wire.js';
import { writeBase64 } from './base64.js';
import { parseMap, writeBool } from './map.js';
import type { Parsing } from './parsing.js';
import type { ParseField, ParsePlan } from './plan.js';
import { writeEnumText, writeForm } from './scalar-value.js';
import { skipSpace } from './syntax.js';
import { beginLength, endLength, putVarint, varintSize, writeVarint32 } from './write.js';
import { writeNumberText } from './write-number.js';

/** Writes a field, tag included, from text that is in the source: scalars and forms of their own as they are, messages as JSON. */
export function writeTextField(p: Parsing, f: ParseField): void {
  const { length } = p.source;
  if (f.shape === 'map') {
    endOfText(p, parseMap(p, f, skipSpace(p.source.bytes, 0), 0));
    return;
  }
  const out = p.out;
  const start = out.length;
  writeVarint32(out, f.packed ? singleTag(f) : f.tag);
  writeTextValue(p, f, 0, length);
  if (!p.dropped) return;
  p.dropped = false;
  out.length = start;
}

/** One element of a packed field goes unpacked, which every parser accepts. */
function singleTag(f: ParseField): number {
  return ((f.type.number << 3) | f.wire) >>> 0;
}

/** Writes the text `[start, end)` of the source as a value of the field, without its tag. */
function writeTextValue(p: Parsing, f: ParseField, start: number, end: number): void {
  const { bytes } = p.source;
  switch (f.kind) {
    case 'string':
      writeString(p, start, end);
      return;
    case 'bytes':
      writeBase64(p, bytes, start, end, start);
      return;
    case 'bool':
      writeBool(p, bytes, start, end, start);
      return;
    case 'enum':
    case 'null':
      writeEnumText(p, f, bytes, start, end);
      return;
    case 'timestamp':
    case 'duration':
    case 'mask':
    case 'wrapper':
      writeContent(p, f, f.plan, start, end);
      return;
    case 'message':
    case 'struct':
    case 'value':
    case 'list':
    case 'any':
      endOfText(p, p.run.value(p, f, skipSpace(bytes, start), 0));
      return;
    default:
      writeNumberText(p, f, bytes, start, end, start);
  }
}

function writeContent(p: Parsing, f: ParseField, plan: ParsePlan | undefined, start: number, end: number): void {
  const out = p.out;
  const isGroup = f.wire === START_GROUP;
  const content = isGroup ? out.length : beginLength(out, f);
  if (f.kind === 'wrapper' && plan !== undefined) {
    writeVarint32(out, plan.first.tag);
    writeTextValue(p, plan.first, start, end);
  } else writeForm(p, f.kind, p.source.bytes, start, end, start, true);
  if (isGroup) writeVarint32(out, f.tag - START_GROUP + END_GROUP);
  else endLength(out, f, content);
}

function writeString(p: Parsing, start: number, end: number): void {
  const out = p.out;
  const size = varintSize(end - start);
  putVarint(out.reserve(size), out.length, end - start);
  out.length += size;
  out.copy(p.source.bytes, start, end);
}

/** Nothing but white space stands behind JSON text. */
export function endOfText(p: Parsing, pos: number): void {
  pos = skipSpace(p.source.bytes, pos);
  if (pos !== p.source.length) p.fail(pos, `the JSON text goes on behind its end, at offset ${pos}`);
}
