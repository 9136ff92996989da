import type { FieldChain, FieldType, OneofType } from '../../schema.js';
import { WireReader } from '../../wire/reader.js';
import { END_GROUP, LENGTH } from '../../wire/wire.js';
import type { Bound } from '../codec.js';
import type { Parsing } from './parsing.js';
import type { ParseField } from './plan.js';

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

/** What was written of a member since `start` agrees with the path; what must not stand beside the path's value is taken back. */
export function checkBound(p: Parsing, f: ParseField, bound: BoundTree, start: number, at: number): void {
  const out = p.out;
  if (out.length === start) return;
  const value = bound.values.get(f.type);
  const isSibling = f.type.oneof !== undefined && bound.oneofs.has(f.type.oneof) && !bound.inner.has(f.type);
  if (value === undefined && !isSibling) return;
  if (p.conflict === 'error' && !(value !== undefined && equals(out.bytes, start, out.length, value))) {
    p.fail(at, value === undefined ? 'the path sets another member of its oneof' : 'the path says otherwise');
  }
  out.length = start;
}

function equals(bytes: Uint8Array, start: number, end: number, other: Uint8Array): boolean {
  if (end - start !== other.length) return false;
  for (let i = 0; i < other.length; i++) if (bytes[start + i] !== other[i]) return false;
  return true;
}
