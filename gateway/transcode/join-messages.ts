import type { FieldChain, FieldType, MessageType } from '../../proto/schema.js';
import { WireReader } from '../../proto/wire/reader.js';
import { LENGTH } from '../../proto/wire/wire.js';
import { WireWriter } from '../../proto/wire/writer.js';

/** Pieces beyond are sent as they are: no path, query or form has as many fields, only a body that came in wire form. */
const MOST_PIECES = 4096;
/** Messages within messages beyond are sent as they are: each level is copied anew. */
const MOST_LEVELS = 8;

/**
 * The message with each of its messages in one piece. What body, query and path set of one message is written one after another, which every parser
 * has to merge (https://protobuf.dev/programming-guides/encoding/#last-one-wins); some, protobufjs before version 8 among them, keep the last piece.
 *
 *     book { title: "t" } force: true book { name: "n" }  ->  force: true book { title: "t" name: "n" }
 *
 * @param wire valid; answered as it is where nothing is in pieces
 */
export function joinMessages(type: MessageType, wire: Uint8Array): Uint8Array {
  return join(type, wire, MOST_LEVELS);
}

function join(type: MessageType, wire: Uint8Array, levels: number): Uint8Array {
  const found = findPieces(singleMessages(type), wire);
  const counts = new Map<number, number>();
  for (const { tag } of found) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  if (found.length > MOST_PIECES || counts.size === found.length) return wire;

  const contents = new Map<number, Uint8Array[]>();
  const written = new WireWriter();
  let kept = 0;
  for (const { tag, start, content, end } of found) {
    const count = counts.get(tag);
    if (count === 1) continue;
    const before = contents.get(tag) ?? [];
    before.push(wire.subarray(content, end));
    contents.set(tag, before);
    written.raw(wire.subarray(kept, start));
    kept = end;
    // Where its last piece stands: of a oneof the last member counts.
    if (before.length === count) written.tag(tag >>> 3, LENGTH).bytes(joined(type, tag, Buffer.concat(before), levels));
  }
  return written.raw(wire.subarray(kept)).finish();
}

function joined(type: MessageType, tag: number, content: Uint8Array, levels: number): Uint8Array {
  const inner = singleMessages(type).get(tag);
  return inner === undefined || levels === 1 ? content : join(inner, content, levels - 1);
}

/** Where a message stands among the fields of another one. */
interface Piece {
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** One more than {@link MOST_PIECES} at most. It passes over millions of small fields, which is why it reads what is short by itself. */
function findPieces(wanted: ReadonlyMap<number, MessageType>, wire: Uint8Array): readonly Piece[] {
  const found: Piece[] = [];
  const reader = new WireReader(wire);
  let passed = 0;
  while (reader.pos < wire.length && found.length <= MOST_PIECES) {
    const start = reader.pos;
    const tag = reader.tag();
    if (tag === passed || !wanted.has(tag)) {
      passed = tag;
      const length = wire[reader.pos] ?? 0;
      if ((tag & 7) === LENGTH && length < 0x80) reader.pos += 1 + length;
      else reader.skip(tag);
      continue;
    }
    const { length } = reader.view();
    found.push({ tag, start, content: reader.pos - length, end: reader.pos });
  }
  return found;
}

const known = new WeakMap<MessageType, ReadonlyMap<number, MessageType>>();

/** The types of the fields that hold one message each, by their tag. */
function singleMessages(type: MessageType): ReadonlyMap<number, MessageType> {
  const messages = known.get(type) ?? new Map(type.fields.filter(isSingle).map((field) => [tagOf(field), field.type]));
  known.set(type, messages);
  return messages;
}

function isSingle(field: FieldType): field is FieldType & { readonly kind: 'message' } {
  return field.kind === 'message' && !field.repeated && !field.delimited;
}

function tagOf({ number }: FieldType): number {
  return ((number << 3) | LENGTH) >>> 0;
}

/** Whether fields that are set one by one lie in one message, so that it is written in pieces. */
export function sharesMessage(chains: readonly FieldChain[]): boolean {
  const outer = chains.filter((chain) => chain.length > 1).map(([first]) => first);
  return new Set(outer).size < outer.length;
}
