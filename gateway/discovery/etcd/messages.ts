import { WireReader } from '../../../proto/wire/reader.js';
import { WireWriter } from '../../../proto/wire/writer.js';

/** What of etcdserverpb (rpc.proto) a reader of keys needs. */
export const RANGE = { path: '/etcdserverpb.KV/Range', serverStream: false };
export const WATCH = { path: '/etcdserverpb.Watch/Watch', serverStream: true };

/** Keys of one list; servers beyond are not seen. */
const LISTED_KEYS = 10_000;

/** What stands under a prefix. */
export interface Listed {
  readonly revision: bigint;
  readonly nodes: readonly { readonly key: string; readonly value: string }[];
}

/** RangeRequest for all keys with that prefix. */
export function printRange(prefix: string): Uint8Array {
  const [from, to] = range(prefix);
  return new WireWriter().bytesField(1, from).bytesField(2, to).varintField(3, LISTED_KEYS).finish();
}

/** WatchRequest { create_request } for all changes from that revision on. */
export function printWatch(prefix: string, revision: bigint): Uint8Array {
  const [from, to] = range(prefix);
  const out = new WireWriter();
  out.nestedField(1, () => {
    out.bytesField(1, from).bytesField(2, to).varintField(3, revision).varintField(4, true);
  });
  return out.finish();
}

/** RangeResponse. */
export function parseRange(bytes: Uint8Array): Listed {
  let revision = 0n;
  const nodes: { key: string; value: string }[] = [];
  for (const [field, read] of fields(bytes)) {
    if (field === 1) {
      for (const [inner, value] of fields(read.view())) if (inner === 3) revision = value.uint64();
    } else if (field === 2) {
      const node = { key: '', value: '' };
      for (const [inner, value] of fields(read.view())) {
        if (inner === 1) node.key = text(value.view());
        else if (inner === 5) node.value = text(value.view());
      }
      nodes.push(node);
    }
  }
  return { revision, nodes };
}

/** WatchResponse: whether it tells of a change, and whether it is the last one. */
export function parseWatch(bytes: Uint8Array): { readonly changed: boolean; readonly canceled: boolean } {
  let changed = false;
  let canceled = false;
  for (const [field, read] of fields(bytes)) {
    if (field === 4) canceled = read.bool();
    else if (field === 11) {
      read.view();
      changed = true;
    }
  }
  return { changed, canceled };
}

/** Every field with the reader before its value; what nobody reads is passed over. */
function* fields(bytes: Uint8Array): Generator<readonly [number, WireReader]> {
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const tag = reader.tag();
    const value = new WireReader(bytes.subarray(reader.pos));
    yield [tag >>> 3, value];
    reader.skip(tag);
  }
}

/** All keys with a prefix: up to the first one after them. */
function range(prefix: string): readonly [Uint8Array, Uint8Array] {
  const from = Buffer.from(prefix);
  const to = Buffer.from(from);
  // A prefix ends in `/`: the byte after that is no carry.
  to.writeUInt8(to.readUInt8(to.length - 1) + 1, to.length - 1);
  return [from, to];
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
