import type { ScalarKind } from '../../proto/schema.js';
import type { WireFields, WireValue } from './wire-fields.js';

/** A number as rules have it: exact where it is a whole one. */
export type RuleNumber = number | bigint;

/** Every number of a field of rules, packed or not. */
export function numbersOf(fields: WireFields, number: number, kind: ScalarKind): RuleNumber[] {
  return (fields.get(number) ?? []).flatMap((value) => readNumbers(value, kind));
}

function readNumbers(value: WireValue, kind: ScalarKind): RuleNumber[] {
  if (typeof value === 'bigint') return [ofVarint(value, kind)];
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const size = fixedSizes[kind];
  if (size === undefined) return unpackVarints(value).map((each) => ofVarint(each, kind));
  return Array.from({ length: Math.floor(value.length / size) }, (_, i) => ofFixed(view, i * size, kind));
}

const fixedSizes: Partial<Record<ScalarKind, number>> = { double: 8, float: 4, fixed32: 4, sfixed32: 4, fixed64: 8, sfixed64: 8 };

function ofVarint(value: bigint, kind: ScalarKind): RuleNumber {
  if (kind === 'sint32' || kind === 'sint64') return (value >> 1n) ^ -(value & 1n);
  return kind === 'uint32' || kind === 'uint64' ? value : BigInt.asIntN(64, value);
}

function ofFixed(view: DataView, at: number, kind: ScalarKind): RuleNumber {
  switch (kind) {
    case 'double':
      return view.getFloat64(at, true);
    case 'float':
      // As it was written, and not as the nearest double prints it.
      return Number(view.getFloat32(at, true).toPrecision(7));
    case 'fixed32':
      return view.getUint32(at, true);
    case 'sfixed32':
      return view.getInt32(at, true);
    case 'fixed64':
      return view.getBigUint64(at, true);
    default:
      return view.getBigInt64(at, true);
  }
}

function unpackVarints(bytes: Uint8Array): bigint[] {
  const values: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    values.push(value);
    value = 0n;
    shift = 0n;
  }
  return values;
}
