import type { FieldDescriptor } from '../descriptor/descriptor.js';
import { TYPE } from './field-types.js';
import { printDouble } from './float-text.js';
import { escapeBytes } from './literals.js';
import { MAX_INT32, MAX_INT64, MAX_UINT32, MAX_UINT64, type Parser } from './parser.js';

/** FieldDescriptorProto.default_value and .json_name. */
const DEFAULT_VALUE = 7;
const JSON_NAME = 10;

/** `default = value` among a field's options: not an option, but a property of the field. */
export function parseDefault(p: Parser, field: FieldDescriptor, path: readonly number[]): void {
  if (field.defaultValue !== undefined) p.report(field.name ?? '', 'the default is given twice');
  p.expect('default');
  p.expect('=');
  const location = p.open(path.concat(DEFAULT_VALUE));
  field.defaultValue = defaultText(p, field);
  p.close(location);
}

/** `json_name = "name"` among a field's options. */
export function parseJsonName(p: Parser, field: FieldDescriptor, path: readonly number[]): void {
  if (field.jsonName !== undefined) p.report(field.name ?? '', 'json_name is given twice');
  const location = p.open(path.concat(JSON_NAME));
  p.expect('json_name');
  p.expect('=');
  field.jsonName = p.located(location.path, () => p.text('a name in quotes'));
  p.close(location);
}

/** The value as descriptors write it. */
function defaultText(p: Parser, field: FieldDescriptor): string {
  switch (field.type) {
    case TYPE.int32:
    case TYPE.sint32:
    case TYPE.sfixed32:
      return signed(p, MAX_INT32);
    case TYPE.int64:
    case TYPE.sint64:
    case TYPE.sfixed64:
      return signed(p, MAX_INT64);
    case TYPE.uint32:
    case TYPE.fixed32:
      return String(p.integer('a number that is not negative', MAX_UINT32));
    case TYPE.uint64:
    case TYPE.fixed64:
      return String(p.integer('a number that is not negative', MAX_UINT64));
    case TYPE.float:
    case TYPE.double:
      return (p.accept('-') ? '-' : '') + printDouble(p.number('a number'));
    case TYPE.bool:
      if (!p.at('true') && !p.at('false')) p.fail('expected true or false');
      return p.identifier('true or false');
    case TYPE.string:
      return p.text('a string');
    case TYPE.bytes:
      return escapeBytes(p.string('a string'));
    case TYPE.group:
      return p.fail('a message has no default');
    default: {
      // A type by name: whether it is an enum that has the value shows later.
      const { text } = p.current;
      p.next();
      return text;
    }
  }
}

function signed(p: Parser, max: bigint): string {
  return p.accept('-') ? `-${p.integer('an integer', max + 1n)}` : String(p.integer('an integer', max));
}
