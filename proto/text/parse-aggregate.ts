import { MAX_DEPTH } from '../wire/wire.js';
import { parseInteger } from './literals.js';
import { type AggregateField, type AggregateValue, NEGATIVE_NAN, type ScalarValue } from './option.js';
import { MAX_UINT64, type Parser } from './parser.js';

/**
 * A message in text format as the value of an option, https://protobuf.dev/reference/protobuf/textformat-spec/.
 *
 *     message = "{" { field [ "," | ";" ] } "}" | "<" ... ">"
 *     field = name ":" value | name [ ":" ] message | name [ ":" ] list of messages
 *     name = identifier | "[" extension "]" | "[" domain "/" message type "]"
 *     value = message | list | { string } | [ "-" ] ( number | identifier )
 */
export function parseAggregate(p: Parser, depth = 0): AggregateField[] {
  if (depth > MAX_DEPTH) p.fail(`an option nested more than ${MAX_DEPTH} deep`);
  const close = p.at('<') ? '>' : '}';
  p.next();
  p.openBraces += 1;
  const fields: AggregateField[] = [];
  while (!p.accept(close)) {
    fields.push(parseField(p, depth));
    if (!p.accept(',')) p.accept(';');
  }
  p.openBraces -= 1;
  return fields;
}

function parseField(p: Parser, depth: number): AggregateField {
  const at = p.here;
  const { kind, name } = parseFieldName(p);
  const colon = p.accept(':');
  if (!colon && !p.at('{') && !p.at('<') && !p.at('[')) p.fail(`expected ":" and a value, or "{", after ${name}`);
  return { kind, name, colon, value: parseValue(p, depth), ...at };
}

function parseFieldName(p: Parser): Pick<AggregateField, 'kind' | 'name'> {
  if (!p.accept('[')) return { kind: 'field', name: p.identifier('the name of a field or "}"') };
  let name = p.dottedName('the name of an extension', false);
  const isAny = p.at('/');
  while (p.accept('/')) name += `/${p.dottedName('a message type', false)}`;
  p.expect(']');
  return { kind: isAny ? 'any' : 'extension', name };
}

function parseValue(p: Parser, depth: number): AggregateValue {
  const at = p.here;
  if (p.at('{') || p.at('<')) return { kind: 'message', fields: parseAggregate(p, depth + 1), ...at };
  if (p.at('[')) return { kind: 'list', values: parseList(p, depth + 1), ...at };
  return { ...parseScalar(p), ...at };
}

function parseList(p: Parser, depth: number): AggregateValue[] {
  p.expect('[');
  const values: AggregateValue[] = [];
  if (p.accept(']')) return values;
  do {
    if (p.at('[')) p.fail('a list inside a list');
    values.push(parseValue(p, depth));
  } while (p.accept(','));
  p.expect(']');
  return values;
}

function parseScalar(p: Parser): ScalarValue {
  if (p.atType('string')) return { kind: 'string', bytes: p.string('a string') };
  const isNegative = p.accept('-');
  const { type, text } = p.current;
  if (type === 'identifier' && !isNegative) return { kind: 'identifier', text: p.identifier('a value') };
  if (type === 'integer') {
    const value = parseInteger(text, MAX_UINT64);
    if (value !== undefined) {
      p.next();
      return { kind: 'integer', value: isNegative ? -value : value };
    }
  }
  if (type === 'identifier' && /^(inf|infinity|nan)$/i.test(text)) {
    p.next();
    return { kind: 'double', value: /^nan$/i.test(text) ? NEGATIVE_NAN : Number.NEGATIVE_INFINITY };
  }
  const value = p.number('a value');
  return { kind: 'double', value: isNegative ? -value : value };
}
