import { BEGIN_OBJECT, COLON, END_OBJECT, latin1 } from '../ascii.js';
import { WireError } from '../codec.js';
import { printText } from './decimal.js';
import type { PrintPlan } from './plan.js';
import { DISORDER, type Printing } from './printing.js';
import { readLength, readTag, skip } from './read.js';
import { printBase64, printString } from './text.js';

const TYPE_URL = 10;
const VALUE = 18;

/**
 * An Any (any.proto "JSON"): the members of the message after its type, or its own form as `value`. What cannot be printed so keeps its bytes.
 *
 *     {"@type":"type.googleapis.com/bookstore.v1.Book","title":"A"}
 *     {"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"}
 *     {"@type":"type.googleapis.com/unknown.Type","@value":"CgFB"}
 */
export function printAny(p: Printing, pos: number, end: number, depth: number): void {
  let url = end;
  let urlEnd = end;
  let value = end;
  let valueEnd = end;
  while (pos < end) {
    const tag = readTag(p, pos, end);
    pos = p.pos;
    const stop = skip(p, tag, pos, end);
    if (tag === TYPE_URL) {
      urlEnd = readLength(p, pos, end);
      url = p.pos;
    } else if (tag === VALUE) {
      valueEnd = readLength(p, pos, end);
      value = p.pos;
    }
    pos = stop;
  }
  const out = p.out;
  if (url === urlEnd && value === valueEnd) {
    printText(out, '{}');
    return;
  }
  out.byte(BEGIN_OBJECT);
  printText(out, '"@type":');
  printString(p, url, urlEnd);
  const behindType = out.length;
  if (!printKnown(p, p.any(typeName(latin1(p.source.bytes, url, urlEnd))), value, valueEnd, depth)) {
    out.length = behindType;
    printText(out, p.bytesOfAny);
    printBase64(p, value, valueEnd);
  }
  out.byte(END_OBJECT);
}

/** What follows the last slash. */
function typeName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function printKnown(p: Printing, plan: PrintPlan | undefined, pos: number, end: number, depth: number): boolean {
  if (plan === undefined) return false;
  const { mapDepth } = p;
  const start = p.out.length;
  const { length } = p.source;
  try {
    if (plan.form === 'message') p.run.members(p, plan, pos, end, 0, depth);
    else {
      printText(p.out, ',"value"');
      p.out.byte(COLON);
      p.run.content(p, plan, pos, end, depth);
    }
    return true;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (!p.careful) throw DISORDER;
    p.waste(p.out.length - start);
    p.mapDepth = mapDepth;
    p.source.length = length;
    return false;
  }
}
