import type { FieldChain, FieldType, MessageType } from '../../proto/schema.js';
import { WireFormatError, WireReader } from '../../proto/wire/reader.js';
import { END_GROUP, LENGTH, START_GROUP } from '../../proto/wire/wire.js';

/** The message type that a binding's reply is, as wire bytes: the method's, or that of a field that holds one message; undefined for other fields. */
export function innerType(output: MessageType, response: FieldChain): MessageType | undefined {
  const field = response.at(-1);
  if (field === undefined) return output;
  return isSingle(field) ? field.type : undefined;
}

function isSingle(field: FieldType): field is FieldType & { readonly kind: 'message' } {
  return field.kind === 'message' && !field.repeated;
}

/**
 * The bytes of the message that a chain of fields selects, which stay part of `wire` where they are in one piece. A message that comes in pieces is
 * their concatenation, which is what merging means (https://protobuf.dev/programming-guides/encoding/#last-one-wins); one that is unset is empty.
 * Every field passed on the way is checked; throws WireFormatError.
 */
export function innerMessage(wire: Uint8Array, chain: FieldChain): Uint8Array {
  return chain.reduce<Uint8Array>(piecesOf, wire);
}

function piecesOf(wire: Uint8Array, field: FieldType): Uint8Array {
  const delimited = field.kind === 'message' && field.delimited;
  const wanted = ((field.number << 3) | (delimited ? START_GROUP : LENGTH)) >>> 0;
  const pieces: Uint8Array[] = [];
  const reader = new WireReader(wire);
  while (!reader.done) {
    const tag = reader.tag();
    if (tag !== wanted) reader.skip(tag);
    else pieces.push(delimited ? group(reader, tag) : reader.view());
  }
  return pieces.length === 1 ? (pieces[0] ?? wire) : Buffer.concat(pieces);
}

/** The fields of a group, whose start tag was just read. */
function group(reader: WireReader, start: number): Uint8Array {
  const begin = reader.pos;
  for (;;) {
    const end = reader.pos;
    const tag = reader.tag();
    if ((tag & 7) !== END_GROUP) reader.skip(tag);
    else if (tag >>> 3 === start >>> 3) return reader.bytes.subarray(begin, end);
    else throw new WireFormatError('mismatched end of group');
  }
}

/** Throws WireFormatError unless the bytes are a sequence of fields. */
export function assertFields(wire: Uint8Array): void {
  const reader = new WireReader(wire);
  while (!reader.done) reader.skip(reader.tag());
}
