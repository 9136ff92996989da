import type { FieldChain, FieldType, OneofType } from '../../schema.js';
import { WireReader } from '../../wire/reader.js';
import { END_GROUP, LENGTH } from '../../wire/wire.js';
import type { Bound } from '../codec.js';

/** What the path said of the fields of one message, and of those within. */
export interface BoundTree {
  /** Field -> its tag and value as wire bytes. */
  readonly values: Map<FieldType, Uint8Array>;
  readonly inner: Map<FieldType, BoundTree>;
  /** Oneofs that have a bound member, or one with a bound field within. */
  readonly oneofs: Set<OneofType>;
}

/**
 * What is bound within the message that a body sets. Built per request, of the few captures of a path.
 *
 *     at [book], bound [book, author, name] = "A"  ->  { inner: author -> { values: name -> 0a 01 41 } }
 */
export function boundTree(bound: readonly Bound[], at: FieldChain): BoundTree | undefined {
  let root: BoundTree | undefined;
  for (const { chain, wire } of bound) {
    if (chain.length <= at.length || at.some((f, i) => chain[i] !== f)) continue;
    root ??= emptyTree();
    let node = root;
    let bytes = wire;
    for (const [depth, f] of chain.entries()) {
      const within = depth >= at.length;
      if (within && f.oneof !== undefined) node.oneofs.add(f.oneof);
      if (depth === chain.length - 1) node.values.set(f, bytes);
      else {
        if (within) node = innerTree(node, f);
        bytes = unwrap(bytes);
      }
    }
  }
  return root;
}

function emptyTree(): BoundTree {
  return { values: new Map(), inner: new Map(), oneofs: new Set() };
}

function innerTree(node: BoundTree, f: FieldType): BoundTree {
  const known = node.inner.get(f) ?? emptyTree();
  node.inner.set(f, known);
  return known;
}

/** The content of the one message field that our own writer wrote. */
function unwrap(bytes: Uint8Array): Uint8Array {
  const reader = new WireReader(bytes);
  if (reader.done) return bytes;
  const tag = reader.tag();
  if ((tag & 7) === LENGTH) return reader.view();
  return bytes.subarray(reader.pos, bytes.length - tagSize((tag & ~7) | END_GROUP));
}

function tagSize(tag: number): number {
  return Math.ceil((32 - Math.clz32(tag)) / 7);
}
