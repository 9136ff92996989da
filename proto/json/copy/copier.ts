import type { FieldChain, FieldType, MessageType } from '../../schema.js';
import { WireFormatError } from '../../wire/reader.js';
import { END_GROUP, START_GROUP } from '../../wire/wire.js';
import type { Arena } from '../arena.js';
import { type Copier, JsonError } from '../codec.js';
import { compileContent } from '../enclose.js';
import { type BoundTree, boundTree } from '../parse/bound-tree.js';
import { putVarint, varintSize, writeVarint32 } from '../parse/write.js';
import { wireTypeOf } from '../wire-type.js';
import { assertDepth, assertEnd, checkMessage, checkValue } from './check.js';
import { Copying } from './copying.js';

/** Room for the length of a message that is being written. */
const LENGTH_ROOM = 5;

/**
 * Compiles the copier of message bytes that a client sent. What the path sets is left out, wherever it stands: singular messages that come several
 * times are merged by who reads them, so each of them is gone through.
 *
 *     at [book], path book.name = "x"
 *     12 01 "A" 0a 01 "x"  ->  0a 03 12 01 "A"
 *
 * @param type of the message that is copied
 * @param at where it goes in the request; empty = it is the request
 * @param scratch shared by all copiers of a thread: each leaves it empty
 */
export function compileCopier(type: MessageType, at: FieldChain, scratch: Arena): Copier {
  const write = compileContent(at);
  return (wire, out, { bound, conflict }) => {
    const tree = bound.length === 0 ? undefined : boundTree(bound, at);
    const c = new Copying(wire, conflict);
    try {
      if (tree === undefined) {
        checkMessage(c, type, wire.length, 1, 0);
        write([wire], out);
      } else {
        copyMessage(c, type, wire.length, 1, 0, tree, scratch);
        write([scratch.bytes.subarray(0, scratch.length)], out);
      }
    } catch (error) {
      throw error instanceof WireFormatError ? new JsonError(c.path.join('.'), `the message is malformed: ${error.message}`) : error;
    } finally {
      scratch.reset();
    }
  };
}

/** Copies the fields of a message of which the path binds some. */
function copyMessage(c: Copying, type: MessageType, end: number, depth: number, group: number, tree: BoundTree, out: Arena): void {
  const { reader, bytes } = c;
  assertDepth(c, depth);
  let kept = reader.pos;
  while (reader.pos < end) {
    const start = reader.pos;
    const tag = c.tag();
    if ((tag & 7) === END_GROUP) {
      assertEnd(c, tag, group);
      out.copy(bytes, kept, start);
      return;
    }
    const f = type.fieldByNumber(tag >>> 3);
    const inner = f === undefined ? undefined : tree.inner.get(f);
    if (f?.kind === 'message' && inner !== undefined && (tag & 7) === wireTypeOf(f)) {
      out.copy(bytes, kept, start);
      c.enter(f);
      copyInner(c, f.type, tag, end, depth, inner, out);
      c.leave(f);
      kept = reader.pos;
      continue;
    }
    checkValue(c, f, tag, end, depth);
    if (f === undefined || !isBound(f, tree)) continue;
    assertAgrees(c, f, tree.values.get(f), start);
    out.copy(bytes, kept, start);
    kept = reader.pos;
  }
  if (group !== 0 || reader.pos > end) c.fail(undefined, 'the message is cut off');
  out.copy(bytes, kept, end);
}

/** Copies one message field whose tag was read, its length made anew. */
function copyInner(c: Copying, type: MessageType, tag: number, end: number, depth: number, tree: BoundTree, out: Arena): void {
  writeVarint32(out, tag);
  if ((tag & 7) === START_GROUP) {
    copyMessage(c, type, end, depth + 1, tag >>> 3, tree, out);
    writeVarint32(out, tag - START_GROUP + END_GROUP);
    return;
  }
  const stop = c.stop(end);
  const room = out.length;
  out.reserve(LENGTH_ROOM);
  out.length += LENGTH_ROOM;
  const start = out.length;
  copyMessage(c, type, stop, depth + 1, 0, tree, out);
  const length = out.length - start;
  const size = varintSize(length);
  out.bytes.copyWithin(room + size, start, out.length);
  putVarint(out.bytes, room, length);
  out.length = room + size + length;
}

/** The path sets the field or another member of its oneof. */
function isBound(f: FieldType, tree: BoundTree): boolean {
  return tree.values.has(f) || (f.oneof !== undefined && tree.oneofs.has(f.oneof) && !tree.inner.has(f));
}

/** What was read since `start` says what the path says, or nothing: a default of a field without presence. */
function assertAgrees(c: Copying, f: FieldType, value: Uint8Array | undefined, start: number): void {
  if (c.conflict === 'override') return;
  if (value === undefined) c.fail(f, 'the path sets another member of its oneof');
  const said = c.bytes.subarray(start, c.reader.pos);
  const isDefault = !f.presence && said.subarray(said.findIndex((byte) => byte < 0x80) + 1).every((byte) => byte === 0);
  if (!isDefault && !(said.length === value.length && said.every((byte, i) => byte === value[i]))) c.fail(f, 'the path says otherwise');
}
