import type { FieldDescriptor, MessageDescriptor, SourceLocation } from '../descriptor/descriptor.js';
import { FIELD_TYPES, LABEL, TYPE } from './field-types.js';
import { addMapEntry, type MapTypes, type TypeRef } from './map-entry.js';
import { parseDefault, parseJsonName } from './parse-default.js';
import { parseBracketedOptions } from './parse-option.js';
import type { Parser } from './parser.js';
import type { Token } from './token.js';

/** Numbers of FieldDescriptorProto's fields, and DescriptorProto.name. */
const FIELD = { name: 1, number: 3, label: 4, type: 5, typeName: 6, options: 8 } as const;
const MESSAGE_NAME = 1;

/** Where the message types go that fields bring along, groups and map entries, and how a group's body is read. */
export interface Nest {
  readonly messages: MessageDescriptor[];
  /** Path of the list. */
  readonly path: readonly number[];
  readonly readBody: (message: MessageDescriptor, location: SourceLocation) => void;
}

/**
 * One field. A member of a oneof comes with its label set and is written without one.
 *
 *     field = [ label ] type name "=" number [ "[" options "]" ] ( ";" | group's body )
 *     type = scalar | "group" | [ "." ] dotted | "map" "<" scalar "," type ">"
 */
export function parseField(p: Parser, field: FieldDescriptor, location: SourceLocation, nest: Nest): void {
  const { path } = location;
  if (field.oneofIndex === undefined) parseLabel(p, field, path);
  const map = parseFieldType(p, field, path);
  const nameToken = p.current;
  field.name = p.located(path.concat(FIELD.name), () => p.identifier('the name of the field'));
  p.expect('=', 'expected "=" and the number of the field');
  field.number = p.located(path.concat(FIELD.number), () => p.int32('the number of the field'));
  parseBracketedOptions(p, field, path.concat(FIELD.options), () => parsePseudoOption(p, field, path));
  if (field.type === TYPE.group) parseGroup(p, field, location, nest, nameToken);
  else p.expectEnd(';', location);
  if (map !== undefined) addMapEntry(p, field, map, nest.messages);
}

function parseLabel(p: Parser, field: FieldDescriptor, path: readonly number[]): void {
  const { text } = p.current;
  if (text !== 'optional' && text !== 'required' && text !== 'repeated') return;
  if (p.syntax === 'editions' && text === 'optional') {
    p.report('', 'editions have no label "optional": fields have presence unless features.field_presence says otherwise');
  }
  if (p.syntax === 'editions' && text === 'required') {
    p.report('', 'editions have no label "required": use features.field_presence = LEGACY_REQUIRED');
  }
  p.located(path.concat(FIELD.label), () => p.next());
  field.label = LABEL[text];
  if (text === 'optional' && p.syntax === 'proto3') field.proto3Optional = true;
}

/** Reads the type; answers the types of key and value if it is a map. */
function parseFieldType(p: Parser, field: FieldDescriptor, path: readonly number[]): MapTypes | undefined {
  const location = p.open(path);
  const isMapName = p.accept('map');
  if (isMapName && p.at('<')) {
    const map = parseMapTypes(p, field);
    location.path = path.concat(FIELD.typeName);
    p.close(location);
    return map;
  }
  if (field.label === undefined) {
    if (p.syntax === 'proto2') p.report('', 'expected "required", "optional" or "repeated"');
    field.label = LABEL.optional;
  }
  const ref = isMapName ? { typeName: 'map' } : parseType(p);
  location.path = path.concat(ref.typeName === undefined ? FIELD.type : FIELD.typeName);
  p.close(location);
  Object.assign(field, ref);
  return undefined;
}

function parseMapTypes(p: Parser, field: FieldDescriptor): MapTypes {
  if (field.oneofIndex !== undefined) p.fail('a oneof has no map fields');
  if (field.label !== undefined) p.fail('a map field has no label (optional, required or repeated)');
  if (field.extendee !== undefined) p.fail('an extension is no map');
  field.label = LABEL.repeated;
  p.expect('<');
  const key = parseType(p);
  p.expect(',');
  const value = parseType(p);
  if (key.type === TYPE.group || value.type === TYPE.group) p.fail('groups are not for maps; name a message type');
  p.expect('>');
  return { key, value };
}

function parseType(p: Parser): TypeRef {
  const type = FIELD_TYPES.get(p.current.text);
  if (type === undefined) return { typeName: p.dottedName('a type', true) };
  if (type === TYPE.group && p.syntax === 'editions') {
    p.report('', 'editions have no groups: use features.message_encoding = DELIMITED on a field of a message type');
  }
  p.next();
  return { type };
}

/** The name of a message, where no scalar is allowed. */
export function parseMessageName(p: Parser): string {
  if (FIELD_TYPES.has(p.current.text)) p.fail('expected a message type');
  return p.dottedName('a message type', true);
}

function parsePseudoOption(p: Parser, field: FieldDescriptor, path: readonly number[]): boolean {
  if (p.at('default')) parseDefault(p, field, path);
  else if (p.at('json_name')) parseJsonName(p, field, path);
  else return false;
  return true;
}

/** A group is a field and a message type of (nearly) the same name at once, so that the same text has two locations. */
function parseGroup(p: Parser, field: FieldDescriptor, fieldLocation: SourceLocation, nest: Nest, nameToken: Token): void {
  const name = field.name ?? '';
  const location = p.open(nest.path.concat(nest.messages.length));
  location.span = fieldLocation.span.slice(0, 2);
  const group = emptyMessage(name);
  nest.messages.push(group);
  p.openAt(location.path.concat(MESSAGE_NAME), nameToken);
  p.openAt(fieldLocation.path.concat(FIELD.typeName), nameToken);
  if (!/^[A-Z]/.test(name)) p.report(name, 'the name of a group must start with a capital letter', nameToken);
  field.name = name.toLowerCase();
  field.typeName = name;
  if (!p.at('{')) p.fail('expected the body of the group in braces');
  nest.readBody(group, location);
  p.close(location);
}

/** A message type with nothing in it. */
export function emptyMessage(name: string): MessageDescriptor {
  return {
    name,
    field: [],
    extension: [],
    nestedType: [],
    enumType: [],
    extensionRange: [],
    oneofDecl: [],
    reservedRange: [],
    reservedName: [],
  };
}
