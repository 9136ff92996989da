import type { FieldChain, FieldType, MessageType } from '../../proto/schema.js';
import { WireReader } from '../../proto/wire/reader.js';
import { LENGTH } from '../../proto/wire/wire.js';
import { WireWriter } from '../../proto/wire/writer.js';

/**
 * The message with each of its messages in one piece. What body, query and path set of one message is written one after another, which every parser
 * has to merge (https://protobuf.dev/programming-guides/encoding/#last-one-wins); some, protobufjs before version 8 among them, keep the last piece.
 *
 *     book { title: "t" } force: true book { name: "n" }  ->  force: true book { title: "t" name: "n" }
 *
 * @param wire valid; answered as it is where nothing is in pieces
 */
export function joinMessages(type: MessageType, wire: Uint8Array): Uint8Array {
  const pieces = piecesOf(type, wire);
  if (pieces === undefined) return wire;
  const written = new WireWriter();
  for (const reader = new WireReader(wire); !reader.done; ) {
    const from = reader.pos;
    const tag = reader.tag();
    reader.skip(tag);
    const found = pieces.get(tag);
    if (found === undefined) written.raw(wire.subarray(from, reader.pos));
    // Where its last piece stands: of a oneof the last member counts.
    else if (--found.left === 0) written.tag(tag >>> 3, LENGTH).bytes(joinMessages(found.type, Buffer.concat(found.contents)));
  }
  return written.finish();
}

interface Pieces {
  readonly type: MessageType;
  readonly contents: Uint8Array[];
  /** Not yet passed. */
  left: number;
}

/** Messages in more than one piece, by their tag; undefined: there are none. */
function piecesOf(type: MessageType, wire: Uint8Array): ReadonlyMap<number, Pieces> | undefined {
  const seen = new Map<number, Pieces>();
  let some = false;
  for (const reader = new WireReader(wire); !reader.done; ) {
    const tag = reader.tag();
    const inner = (tag & 7) === LENGTH ? singleMessage(type.fieldByNumber(tag >>> 3)) : undefined;
    if (inner === undefined) {
      reader.skip(tag);
      continue;
    }
    const pieces = seen.get(tag) ?? { type: inner, contents: [], left: 0 };
    pieces.contents.push(reader.view());
    pieces.left += 1;
    some ||= pieces.left > 1;
    seen.set(tag, pieces);
  }
  return some ? new Map([...seen].filter(([, { left }]) => left > 1)) : undefined;
}

function singleMessage(field: FieldType | undefined): MessageType | undefined {
  return field?.kind === 'message' && !field.repeated ? field.type : undefined;
}

/** Whether fields that are set one by one lie in one message, so that it is written in pieces. */
export function sharesMessage(chains: readonly FieldChain[]): boolean {
  const outer = chains.filter((chain) => chain.length > 1).map(([first]) => first);
  return new Set(outer).size < outer.length;
}
