import type { FieldType, MessageType } from '../../schema.js';
import { END_GROUP, FIXED32, FIXED64, LENGTH, MAX_DEPTH, START_GROUP, VARINT } from '../../wire/wire.js';
import { isUtf8Text } from '../utf8.js';
import { wireTypeOf } from '../wire-type.js';
import type { Copying } from './copying.js';

/**
 * Checks the fields of a message from the reader's place on. Those that the type knows must be of its wire types, nested no deeper than JSON may be,
 * their strings UTF-8: so every server reads the same from them. Those it does not know are passed on as they are, as protobuf wants it.
 *
 * @param type undefined for a group of an unknown field
 * @param group number of the field whose end tag ends the message; 0 = it ends at `end`
 */
export function checkMessage(c: Copying, type: MessageType | undefined, end: number, depth: number, group: number): void {
  const { reader } = c;
  assertDepth(c, depth);
  while (reader.pos < end) {
    const tag = c.tag();
    if ((tag & 7) === END_GROUP) {
      assertEnd(c, tag, group);
      return;
    }
    checkValue(c, type?.fieldByNumber(tag >>> 3), tag, end, depth);
  }
  if (group !== 0 || reader.pos > end) c.fail(undefined, 'the message is cut off');
}

/** Refuses a message that is nested too deep. */
export function assertDepth(c: Copying, depth: number): void {
  if (depth > MAX_DEPTH) c.fail(undefined, `messages are nested deeper than ${MAX_DEPTH}`);
}

/** Refuses the end of another group than the one that is open. */
export function assertEnd(c: Copying, tag: number, group: number): void {
  if (tag >>> 3 !== group) c.fail(undefined, 'a group ends that did not begin');
}

/** Checks the value of a field whose tag was read, and passes over it. */
export function checkValue(c: Copying, f: FieldType | undefined, tag: number, end: number, depth: number): void {
  const { reader } = c;
  const wireType = tag & 7;
  if (f !== undefined && wireType !== wireTypeOf(f)) {
    if (wireType !== LENGTH || !f.repeated) c.fail(f, 'is not of the wire type of its field');
    checkPacked(c, f, end);
    return;
  }
  switch (wireType) {
    case VARINT:
      reader.uint32();
      break;
    case FIXED64:
      reader.pos += 8;
      break;
    case FIXED32:
      reader.pos += 4;
      break;
    case LENGTH:
      checkContent(c, f, c.stop(end), depth);
      break;
    case START_GROUP:
      c.enter(f);
      checkMessage(c, f?.kind === 'message' ? f.type : undefined, end, depth + 1, tag >>> 3);
      c.leave(f);
      break;
    default:
      c.fail(f, 'has an unknown wire type');
  }
  if (reader.pos > end) c.fail(undefined, 'the message is cut off');
}

function checkContent(c: Copying, f: FieldType | undefined, stop: number, depth: number): void {
  const { reader } = c;
  if (f?.kind === 'message' || f?.kind === 'map') {
    c.enter(f);
    checkMessage(c, f.type, stop, depth + 1, 0);
    c.leave(f);
  } else if (f?.kind === 'string' && f.utf8 && !isUtf8Text(c.bytes, reader.pos, stop)) c.fail(f, 'is not UTF-8');
  reader.pos = stop;
}

/** Many numbers behind one length, which a repeated field may have whether or not it is declared so. */
function checkPacked(c: Copying, f: FieldType, end: number): void {
  const { reader } = c;
  const stop = c.stop(end);
  const wireType = wireTypeOf(f);
  if (wireType === VARINT) while (reader.pos < stop) reader.uint32();
  else reader.pos += Math.ceil((stop - reader.pos) / SIZES[wireType as keyof typeof SIZES]) * SIZES[wireType as keyof typeof SIZES];
  if (reader.pos !== stop) c.fail(f, 'is cut off');
}

const SIZES = { [FIXED32]: 4, [FIXED64]: 8 };
