import type { FieldType, ScalarKind } from '../schema.js';
import { FIXED32, FIXED64, LENGTH, START_GROUP, VARINT } from '../wire/wire.js';

const wireTypes: Readonly<Record<ScalarKind, number>> = {
  double: FIXED64,
  float: FIXED32,
  int32: VARINT,
  int64: VARINT,
  uint32: VARINT,
  uint64: VARINT,
  sint32: VARINT,
  sint64: VARINT,
  fixed32: FIXED32,
  fixed64: FIXED64,
  sfixed32: FIXED32,
  sfixed64: FIXED64,
  bool: VARINT,
  string: LENGTH,
  bytes: LENGTH,
};

/** Wire type of a single, unpacked value. */
export function wireTypeOf(f: FieldType): number {
  if (f.kind === 'enum') return VARINT;
  if (f.kind === 'map') return LENGTH;
  if (f.kind === 'message') return f.delimited ? START_GROUP : LENGTH;
  return wireTypes[f.kind];
}
