import type { FieldDescriptor, MessageDescriptor, OneofDescriptor, SourceLocation } from '../descriptor/descriptor.js';
import { LABEL } from './field-types.js';
import type { RawOption } from './option.js';
import { parseEnum } from './parse-enum.js';
import { emptyMessage, type Nest, parseField, parseMessageName } from './parse-field.js';
import { parseOption } from './parse-option.js';
import { parseExtensionRanges, parseMessageReserved, settleMax } from './parse-ranges.js';
import type { Parser } from './parser.js';
import { addSyntheticOneofs } from './synthetic-oneofs.js';
import { emptyEnum, parseVisibility } from './visibility.js';

/** Numbers of the fields of DescriptorProto, OneofDescriptorProto and FieldDescriptorProto. */
const MESSAGE = { name: 1, field: 2, nested: 3, enum: 4, extension: 6, options: 7, oneof: 8 } as const;
const ONEOF = { name: 1, options: 2 } as const;
const EXTENDEE = 2;

/** protoc's own limit: that many message types inside each other, and no more. */
const MAX_NESTING = 31;

/** `message Name { ... }` */
export function parseMessage(p: Parser, message: MessageDescriptor, location: SourceLocation, depth: number): void {
  if (depth > MAX_NESTING) p.fail(`messages nested more than ${MAX_NESTING} deep`);
  p.expect('message');
  message.name = p.located(location.path.concat(MESSAGE.name), () => p.identifier('the name of the message'));
  parseBody(p, message, location, depth);
  if (p.syntax === 'proto3') addSyntheticOneofs(message);
  p.close(location);
}

function parseBody(p: Parser, message: MessageDescriptor, location: SourceLocation, depth: number): void {
  p.expectEnd('{', location);
  while (!p.acceptEnd('}', undefined)) {
    if (p.atEnd) p.fail(`expected "}" at the end of message ${message.name}`);
    p.recover(() => parseStatement(p, message, location.path, depth));
  }
  const options = p.options.get(message) ?? [];
  settleMax(message, options.some(isMessageSet));
  for (const { name, at } of options) {
    if (name[0]?.isExtension || name[0]?.name !== 'map_entry') continue;
    p.reportAt(at, message.name ?? '', 'map_entry is not for source files; write map<KeyType, ValueType>');
  }
}

function isMessageSet({ name, value }: RawOption): boolean {
  const [first] = name;
  return (
    name.length === 1 &&
    first?.isExtension === false &&
    first.name === 'message_set_wire_format' &&
    value.kind === 'identifier' &&
    value.text === 'true'
  );
}

function parseStatement(p: Parser, message: MessageDescriptor, path: readonly number[], depth: number): void {
  if (p.acceptEnd(';', undefined)) return;
  const visibility = parseVisibility(p);
  const nest = nestIn(p, message.nestedType, path.concat(MESSAGE.nested), depth);
  if (p.at('message')) {
    parseNested(p, message.nestedType, path.concat(MESSAGE.nested), visibility, depth + 1);
  } else if (p.at('enum')) {
    const location = p.open(path.concat(MESSAGE.enum, message.enumType.length));
    const enumeration = emptyEnum(visibility);
    message.enumType.push(enumeration);
    parseEnum(p, enumeration, location);
  } else if (p.at('extensions')) {
    parseExtensionRanges(p, message, path);
  } else if (p.at('reserved')) {
    parseMessageReserved(p, message, path);
  } else if (p.at('extend')) {
    parseExtend(p, message.extension, path.concat(MESSAGE.extension), nest);
  } else if (p.at('option')) {
    p.located(path.concat(MESSAGE.options), () => parseOption(p, message, path.concat(MESSAGE.options), 'statement'));
  } else if (p.at('oneof')) {
    parseOneof(p, message, path, nest);
  } else {
    addField(p, message, path, {}, nest);
  }
}

/** A message type in a list of message types: of a file or of another message. */
export function parseNested(
  p: Parser,
  messages: MessageDescriptor[],
  path: readonly number[],
  visibility: number | undefined,
  depth: number,
): void {
  const location = p.open(path.concat(messages.length));
  const message = emptyMessage('');
  if (visibility !== undefined) message.visibility = visibility;
  messages.push(message);
  parseMessage(p, message, location, depth);
}

/** Where the groups and map entries go that stand in a file or message at this depth. */
export function nestIn(p: Parser, messages: MessageDescriptor[], path: readonly number[], depth: number): Nest {
  return {
    messages,
    path,
    readBody: (group, location) => {
      if (depth >= MAX_NESTING) p.fail(`messages nested more than ${MAX_NESTING} deep`);
      parseBody(p, group, location, depth + 1);
    },
  };
}

function addField(p: Parser, message: MessageDescriptor, path: readonly number[], field: FieldDescriptor, nest: Nest): void {
  const location = p.open(path.concat(MESSAGE.field, message.field.length));
  message.field.push(field);
  parseField(p, field, location, nest);
  p.close(location);
}

function parseOneof(p: Parser, message: MessageDescriptor, path: readonly number[], nest: Nest): void {
  const oneofIndex = message.oneofDecl.length;
  const location = p.open(path.concat(MESSAGE.oneof, oneofIndex));
  const oneof: OneofDescriptor = {};
  message.oneofDecl.push(oneof);
  p.expect('oneof');
  oneof.name = p.located(location.path.concat(ONEOF.name), () => p.identifier('the name of the oneof'));
  p.expectEnd('{', location);
  do {
    if (p.atEnd) p.fail(`expected "}" at the end of oneof ${oneof.name}`);
    const options = location.path.concat(ONEOF.options);
    if (p.at('option')) {
      p.located(options, () => parseOption(p, oneof, options, 'statement'));
      continue;
    }
    if (p.at('required') || p.at('optional') || p.at('repeated')) {
      p.report(oneof.name ?? '', 'the fields of a oneof have no label (optional, required or repeated)');
      p.next();
    }
    p.recover(() => addField(p, message, path, { label: LABEL.optional, oneofIndex }, nest));
  } while (!p.acceptEnd('}', undefined));
  p.close(location);
}

/** `extend Type { fields }`; every field names the type, and all of them show where it stands. */
export function parseExtend(p: Parser, extensions: FieldDescriptor[], path: readonly number[], nest: Nest): void {
  const extendLocation = p.open(path);
  p.expect('extend');
  const start = p.current;
  const extendee = parseMessageName(p);
  const end = p.previous;
  p.expectEnd('{', extendLocation);
  do {
    if (p.atEnd) p.fail('expected "}" at the end of the extensions');
    const location = p.open(path.concat(extensions.length));
    const field: FieldDescriptor = { extendee };
    extensions.push(field);
    p.openAt(location.path.concat(EXTENDEE), start, end);
    p.recover(() => parseField(p, field, location, nest));
    p.close(location);
  } while (!p.acceptEnd('}', undefined));
  p.close(extendLocation);
}
