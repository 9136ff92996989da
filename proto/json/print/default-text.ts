import type { EnumType, FieldType } from '../../schema.js';
import type { PrintOptions } from '../codec.js';
import { NULL_VALUE } from '../form.js';

/** JSON of an unset field: `""`, `0`, `"0"`, `[]`, `{}`, `null`, the name of an enum's zero. */
export function defaultText(f: FieldType, options: PrintOptions, enumNumbers: boolean): string {
  if (f.kind === 'map') return '{}';
  if (f.repeated) return '[]';
  switch (f.kind) {
    case 'message':
      return 'null';
    case 'enum':
      return enumDefault(f.type, enumNumbers);
    case 'bool':
      return 'false';
    case 'string':
    case 'bytes':
      return '""';
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return options.int64 === 'string' ? '"0"' : '0';
    default:
      return '0';
  }
}

/** The first value is an enum's default; an open one begins with zero. */
function enumDefault(type: EnumType, numbers: boolean): string {
  if (type.name === NULL_VALUE) return 'null';
  const first = type.values[0];
  if (first === undefined) return '0';
  return numbers ? String(first.number) : `"${first.protoName}"`;
}
