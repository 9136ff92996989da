import type { EnumDescriptor, EnumValueDescriptor, SourceLocation } from '../descriptor/descriptor.js';
import { parseBracketedOptions, parseOption } from './parse-option.js';
import { parseEnumReserved } from './parse-ranges.js';
import type { Parser } from './parser.js';

/** Numbers of the fields of EnumDescriptorProto and EnumValueDescriptorProto. */
const ENUM = { name: 1, value: 2, options: 3 } as const;
const VALUE = { name: 1, number: 2, options: 3 } as const;

/** `enum Name { option ...; reserved ...; NAME = number [options]; }` */
export function parseEnum(p: Parser, enumeration: EnumDescriptor, location: SourceLocation): void {
  const { path } = location;
  p.expect('enum');
  enumeration.name = p.located(path.concat(ENUM.name), () => p.identifier('the name of the enum'));
  p.expectEnd('{', location);
  while (!p.acceptEnd('}', undefined)) {
    if (p.atEnd) p.fail(`expected "}" at the end of enum ${enumeration.name}`);
    p.recover(() => parseStatement(p, enumeration, path));
  }
  p.close(location);
  checkAliases(p, enumeration);
}

function parseStatement(p: Parser, enumeration: EnumDescriptor, path: readonly number[]): void {
  if (p.acceptEnd(';', undefined)) return;
  if (p.at('option')) {
    p.located(path.concat(ENUM.options), () => parseOption(p, enumeration, path.concat(ENUM.options), 'statement'));
  } else if (p.at('reserved')) {
    parseEnumReserved(p, enumeration, path);
  } else {
    const value: EnumValueDescriptor = {};
    const location = p.open(path.concat(ENUM.value, enumeration.value.length));
    enumeration.value.push(value);
    parseValue(p, value, location);
    p.close(location);
  }
}

function parseValue(p: Parser, value: EnumValueDescriptor, location: SourceLocation): void {
  const { path } = location;
  value.name = p.located(path.concat(VALUE.name), () => p.identifier('the name of a value'));
  p.expect('=', 'expected "=" and the number of the value');
  value.number = p.located(path.concat(VALUE.number), () => p.signedInt32('the number of the value'));
  parseBracketedOptions(p, value, path.concat(VALUE.options));
  p.expectEnd(';', location);
}

/** allow_alias is for enums that have two names for a number, and only for them. */
function checkAliases(p: Parser, enumeration: EnumDescriptor): void {
  const option = p.options
    .get(enumeration)
    ?.find(({ name }) => name.length === 1 && !name[0]?.isExtension && name[0]?.name === 'allow_alias');
  if (option === undefined) return;
  const subject = enumeration.name ?? '';
  const { value } = option;
  if (value.kind !== 'identifier' || value.text !== 'true') {
    p.report(subject, 'allow_alias = false has no effect; remove it', p.previous);
    return;
  }
  const numbers = enumeration.value.map((each) => each.number);
  if (new Set(numbers).size === numbers.length) {
    p.report(subject, 'allow_alias = true, but no two values share a number; remove it', p.previous);
  }
}
