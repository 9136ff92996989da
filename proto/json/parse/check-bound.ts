import type { BoundTree } from './bound-tree.js';
import type { Parsing } from './parsing.js';
import type { ParseField } from './plan.js';

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
