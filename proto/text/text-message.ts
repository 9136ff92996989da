import type { MessageElement } from './element.js';
import { encodeMessage } from './encode-message.js';
import { type AnyField, isMapEntry, isMessageSet, traitsOf } from './field-traits.js';
import { TYPE } from './field-types.js';
import type { LoadedFile } from './loaded-file.js';
import { MessageValue, type Value } from './message-value.js';
import type { AggregateField, AggregateValue, Position } from './option.js';
import { isMisfit, scalarValue, zeroOf } from './scalar-value.js';
import type { Symbols } from './symbols.js';

/** An option has no meaning. `at` is where; without it, the value as a whole. */
export class OptionFault extends Error {
  constructor(
    message: string,
    readonly at?: Position,
  ) {
    super(message);
  }
}

/** In which file names are looked up. */
export interface Scope {
  readonly symbols: Symbols;
  readonly file: LoadedFile;
}

const ANY_URL = /^type\.google(?:apis|prod)\.com\/(.*)$/;
const utf8 = new TextEncoder();

/** The message type of a field; undefined for scalars and enums. */
export function messageTypeOf(field: AnyField, symbols: Symbols): MessageElement | undefined {
  const { type, typeName = '' } = field.node;
  if (type !== TYPE.message && type !== TYPE.group) return undefined;
  const found = symbols.get(typeName.slice(1));
  return found?.kind === 'message' ? found : undefined;
}

/** Sets fields as a text-format message says. Throws {@link OptionFault}. */
export function fillMessage(message: MessageValue, fields: readonly AggregateField[], scope: Scope): void {
  for (const written of fields) {
    if (written.kind === 'any') fillAny(message, written, scope);
    else fillField(message, findField(message.type, written, scope), written, scope);
  }
}

function findField(type: MessageElement, written: AggregateField, { symbols, file }: Scope): AnyField {
  const { kind, name } = written;
  if (kind === 'extension') {
    const found = symbols.resolve(name, type.name, file, 'any', file.visibleToOptions);
    if (found.kind === 'extension' && found.node.extendee === `.${type.name}`) return found;
    const item = found.kind === 'message' && isMessageSet(type) ? findSetItem(found, type, symbols) : undefined;
    if (item !== undefined) return item;
    throw new OptionFault(`[${name}] is not an extension of ${type.name} that ${file.name} imports`, written);
  }
  const found = symbols.get(`${type.name}.${name}`);
  if (found?.kind === 'field') return found;
  // A group goes by the name of its message too.
  const group = symbols.get(`${type.name}.${name.toLowerCase()}`);
  if (group?.kind === 'field' && traitsOf(group).delimited) {
    const message = messageTypeOf(group, symbols);
    if (message?.node.name === name && message.parent === group.parent) return group;
  }
  throw new OptionFault(`${type.name} has no field ${name}`, written);
}

/** The extension of a message set that a message type has in itself for its own values. */
function findSetItem(type: MessageElement, set: MessageElement, symbols: Symbols): AnyField | undefined {
  for (const { name, extendee, typeName } of type.node.extension) {
    const found = symbols.get(`${type.name}.${name}`);
    if (found?.kind === 'extension' && extendee === `.${set.name}` && typeName === `.${type.name}`) return found;
  }
  return undefined;
}

function fillField(message: MessageValue, field: AnyField, written: AggregateField, scope: Scope): void {
  const { value } = written;
  if (traitsOf(field).repeated) {
    const values = value.kind === 'list' ? value.values : [value];
    for (const each of values) message.put(field, toValue(field, each, scope));
    return;
  }
  if (value.kind === 'list') throw new OptionFault(`${field.name} is not repeated, a list makes no sense`, value);
  if (message.has(field)) throw new OptionFault(`${field.name} is set twice`, written);
  const sibling = message.sibling(field);
  if (sibling !== undefined) throw new OptionFault(`${field.name} and ${sibling.name} are in one oneof; only one can be set`, written);
  message.put(field, toValue(field, value, scope));
}

function toValue(field: AnyField, written: AggregateValue, scope: Scope): Value {
  const type = messageTypeOf(field, scope.symbols);
  if (type !== undefined) {
    if (written.kind !== 'message') throw new OptionFault(`${field.name} is a message: write its value in braces`, written);
    const message = new MessageValue(type);
    fillMessage(message, written.fields, scope);
    if (isMapEntry(type)) completeEntry(message, scope);
    return message;
  }
  if (written.kind === 'message' || written.kind === 'list') throw new OptionFault(`${field.name} is not a message`, written);
  const value = scalarValue(field, written, scope.symbols, true);
  if (isMisfit(value)) throw new OptionFault(`${field.name}: ${value.misfit}`, written);
  return value;
}

/** The entry of a map is written with both key and value. */
function completeEntry(entry: MessageValue, { symbols }: Scope): void {
  for (const part of ['key', 'value']) {
    const field = symbols.get(`${entry.type.name}.${part}`);
    if (field?.kind !== 'field' || entry.has(field)) continue;
    const type = messageTypeOf(field, symbols);
    entry.put(field, type === undefined ? zeroOf(field.node.type ?? 0) : new MessageValue(type));
  }
}

/** `[type.googleapis.com/pkg.Type] { ... }` inside a google.protobuf.Any. */
function fillAny(message: MessageValue, written: AggregateField, scope: Scope): void {
  const { symbols } = scope;
  const name = ANY_URL.exec(written.name)?.[1];
  const type = name === undefined ? undefined : symbols.get(name);
  const url = symbols.get(`${message.type.name}.type_url`);
  const bytes = symbols.get(`${message.type.name}.value`);
  if (message.type.name !== 'google.protobuf.Any' || url?.kind !== 'field' || bytes?.kind !== 'field') {
    throw new OptionFault(`${message.type.name} is not google.protobuf.Any`, written);
  }
  if (type?.kind !== 'message') throw new OptionFault(`[${written.name}] names no message type`, written);
  if (written.value.kind !== 'message') throw new OptionFault(`[${written.name}] needs its value in braces`, written);
  const content = new MessageValue(type);
  fillMessage(content, written.value.fields, scope);
  message.put(url, utf8.encode(written.name));
  message.put(bytes, encodeMessage(content, true));
}
