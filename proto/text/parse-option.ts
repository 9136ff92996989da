import type { SourceLocation } from '../descriptor/descriptor.js';
import { MAX_DEPTH } from '../wire/wire.js';
import { parseInteger } from './literals.js';
import type { NamePart, OptionValue, RawOption } from './option.js';
import { parseAggregate } from './parse-aggregate.js';
import { MAX_INT64, MAX_UINT64, type Parser } from './parser.js';

/** UninterpretedOption.name and the fields of its value, which the locations of values name. */
const UNINTERPRETED = 999;
const NAME = 2;
const VALUE = { identifier: 3, positive: 4, negative: 5, double: 6, string: 7, aggregate: 8 } as const;

/**
 * One option: as a statement, or as an assignment inside brackets. `path` is that of the element's options.
 *
 *     option = "option" name "=" value ";"             name = part { "." part }
 *     assignment = name "=" value                      part = identifier | "(" [ "." ] dotted ")"
 */
export function parseOption(p: Parser, element: object, path: readonly number[], style: 'statement' | 'assignment'): void {
  const options = p.options.get(element) ?? [];
  const location = p.open(path.concat(UNINTERPRETED, options.length));
  if (style === 'statement') p.expect('option');
  p.options.set(element, options);
  const at = p.here;
  const name = p.located(location.path.concat(NAME), () => parseName(p, location.path.concat(NAME)));
  p.expect('=');
  const valueAt = p.here;
  const valueLocation = p.open(location.path);
  const value = parseValue(p, valueLocation);
  p.close(valueLocation);
  options.push({ name, value, at, valueAt } satisfies RawOption);
  if (style === 'statement') p.expectEnd(';', location);
  p.close(location);
}

/** The bracketed options of a field, an enum value or an extension range. */
export function parseBracketedOptions(p: Parser, element: object, path: readonly number[], special?: () => boolean): void {
  if (!p.at('[')) return;
  const location = p.open(path);
  p.expect('[');
  do {
    if (special === undefined || !special()) parseOption(p, element, path, 'assignment');
  } while (p.accept(','));
  p.expect(']', 'expected "," or "]" after an option');
  p.close(location);
}

function parseName(p: Parser, path: readonly number[]): NamePart[] {
  const parts: NamePart[] = [];
  do {
    if (parts.length >= MAX_DEPTH) p.fail(`the name of an option has at most ${MAX_DEPTH} parts`);
    p.located(path.concat(parts.length), () => {
      const isExtension = p.accept('(');
      const name = p.located(path.concat(parts.length, 1), () =>
        isExtension ? p.dottedName('the name of an extension', true) : p.identifier('the name of an option'),
      );
      if (isExtension) p.expect(')');
      parts.push({ name, isExtension });
    });
  } while (p.accept('.'));
  return parts;
}

function parseValue(p: Parser, location: SourceLocation): OptionValue {
  const isNegative = p.accept('-');
  const field = (number: number) => {
    location.path = location.path.concat(number);
  };
  switch (p.current.type) {
    case 'identifier': {
      field(VALUE.identifier);
      if (isNegative && !p.at('inf') && !p.at('nan')) p.fail('after "-" expected a number, inf or nan');
      const text = p.identifier('a value');
      if (!isNegative) return { kind: 'identifier', text };
      return { kind: 'double', value: text === 'inf' ? Number.NEGATIVE_INFINITY : Number.NaN };
    }
    case 'integer': {
      const value = parseInteger(p.current.text, isNegative ? MAX_INT64 + 1n : MAX_UINT64);
      if (value === undefined) break;
      p.next();
      field(isNegative ? VALUE.negative : VALUE.positive);
      return { kind: 'integer', value: isNegative ? -value : value };
    }
    case 'string':
      if (isNegative) p.fail('after "-" expected a number, inf or nan');
      field(VALUE.string);
      return { kind: 'string', bytes: p.string('a string') };
    case 'symbol':
      if (!p.at('{')) return p.fail('expected the value of the option');
      field(VALUE.aggregate);
      return { kind: 'aggregate', fields: parseAggregate(p) };
    case 'end':
      return p.fail('expected the value of the option');
  }
  field(VALUE.double);
  const value = p.number('a number');
  return { kind: 'double', value: isNegative ? -value : value };
}
