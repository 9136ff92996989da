import type { EnumElement } from './element.js';
import { type AnyField, traitsOf } from './field-traits.js';
import { TYPE } from './field-types.js';
import type { Value } from './message-value.js';
import type { ScalarValue } from './option.js';
import { enumOf } from './type-of.js';

/** A value that does not fit, and why. */
export interface Misfit {
  readonly misfit: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

const LIMITS: ReadonlyMap<number, readonly [min: bigint, max: bigint]> = new Map(
  [
    { types: [TYPE.int32, TYPE.sint32, TYPE.sfixed32], min: -0x8000_0000n, max: 0x7fff_ffffn },
    { types: [TYPE.uint32, TYPE.fixed32], min: 0n, max: 0xffff_ffffn },
    { types: [TYPE.int64, TYPE.sint64, TYPE.sfixed64], min: -0x8000_0000_0000_0000n, max: 0x7fff_ffff_ffff_ffffn },
    { types: [TYPE.uint64, TYPE.fixed64], min: 0n, max: 0xffff_ffff_ffff_ffffn },
  ].flatMap(({ types, min, max }) => types.map((type) => [type, [min, max]] as const)),
);

/**
 * What the source says, as a value of a scalar or enum field. Text format, inside braces, allows more than `option x = value;` does: `1` and `t` for true,
 * numbers of enums, `infinity`.
 */
export function scalarValue(field: AnyField, written: ScalarValue, inText: boolean): Value | Misfit {
  const value = convert(written, field.node.type ?? 0, enumOf(field), inText);
  return value instanceof Uint8Array && traitsOf(field).utf8 && !isUtf8(value) ? { misfit: 'the string must be UTF-8' } : value;
}

function convert(written: ScalarValue, type: number, enumeration: EnumElement | undefined, inText: boolean): Value | Misfit {
  const limits = LIMITS.get(type);
  if (limits !== undefined) return integerValue(written, limits);
  switch (type) {
    case TYPE.float:
    case TYPE.double:
      return floatValue(written, inText);
    case TYPE.bool:
      return boolValue(written, inText);
    case TYPE.string:
    case TYPE.bytes:
      return written.kind === 'string' ? written.bytes : { misfit: 'the value must be a string in quotes' };
    default:
      return enumValue(written, enumeration, inText);
  }
}

/** The value of a scalar field, or an enum, that is not set. */
export function zeroOf(type: number): Value {
  switch (type) {
    case TYPE.float:
    case TYPE.double:
      return 0;
    case TYPE.bool:
      return false;
    case TYPE.string:
    case TYPE.bytes:
      return new Uint8Array(0);
    default:
      return 0n;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Whether a literal does not fit its field. */
export function isMisfit(value: Value | Misfit): value is Misfit {
  return typeof value === 'object' && 'misfit' in value;
}

function integerValue(written: ScalarValue, [min, max]: readonly [bigint, bigint]): Value | Misfit {
  if (written.kind === 'integer' && written.value >= min && written.value <= max) return written.value;
  return { misfit: `the value must be an integer from ${min} to ${max}` };
}

function floatValue(written: ScalarValue, inText: boolean): Value | Misfit {
  if (written.kind === 'integer') return Number(written.value);
  if (written.kind === 'double') return written.value;
  if (written.kind === 'identifier') {
    const text = inText ? written.text.toLowerCase() : written.text;
    if (text === 'inf' || (inText && text === 'infinity')) return Number.POSITIVE_INFINITY;
    if (text === 'nan') return Number.NaN;
  }
  return { misfit: 'the value must be a number, inf or nan' };
}

function boolValue(written: ScalarValue, inText: boolean): Value | Misfit {
  if (written.kind === 'identifier') {
    if (written.text === 'true' || (inText && /^(True|t)$/.test(written.text))) return true;
    if (written.text === 'false' || (inText && /^(False|f)$/.test(written.text))) return false;
  }
  if (inText && written.kind === 'integer' && (written.value === 0n || written.value === 1n)) return written.value === 1n;
  return { misfit: 'the value must be true or false' };
}

function enumValue(written: ScalarValue, enumeration: EnumElement | undefined, inText: boolean): Value | Misfit {
  const values = enumeration?.node.value ?? [];
  if (written.kind === 'identifier') {
    const found = values.find(({ name }) => name === written.text);
    return found === undefined ? { misfit: `${enumeration?.name} has no value ${written.text}` } : BigInt(found.number ?? 0);
  }
  if (inText && written.kind === 'integer') {
    if (values.some(({ number = 0 }) => BigInt(number) === written.value)) return written.value;
    return { misfit: `${enumeration?.name} has no value with number ${written.value}` };
  }
  return { misfit: `the value must be a name of ${enumeration?.name}` };
}
