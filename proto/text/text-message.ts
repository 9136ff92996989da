import type { MessageElement } from './element.js';
import { encodeMessage } from './encode-message.js';
import { type AnyField, isMapEntry, isMessageSet, traitsOf } from './field-traits.js';
import type { LoadedFile } from './loaded-file.js';
import { MessageValue, type Value } from './message-value.js';
import type { AggregateField, AggregateValue, Position } from './option.js';
import { isMisfit, scalarValue, zeroOf } from './scalar-value.js';
import { fieldOf, messageOf } from './type-of.js';

/** An option has no meaning. `at` is where; without it, the value as a whole. */
export class OptionFault extends Error {
  constructor(
    message: string,
    readonly at?: Position,
  ) {
    super(message);
  }
}

/** It names something that is nowhere. */
export class LackingName extends OptionFault {}

const ANY_URL = /^type\.google(?:apis|prod)\.com\/(.*)$/;
const utf8 = new TextEncoder();

/** Sets fields as a text-format message in `file` says. Throws {@link OptionFault}. */
export function fillMessage(message: MessageValue, fields: readonly AggregateField[], file: LoadedFile): void {
  for (const written of fields) {
    if (written.kind === 'any') fillAny(message, written, file);
    else fillField(message, findField(message.type, written, file), written, file);
  }
}

function findField(type: MessageElement, written: AggregateField, file: LoadedFile): AnyField {
  const { kind, name } = written;
  if (kind === 'extension') {
    const found = file.symbols.resolve(name, type.name, file, 'any', file.visibleToOptions);
    if (found.kind === 'extension' && found.node.extendee === `.${type.name}`) return found;
    const item = found.kind === 'message' && isMessageSet(type) ? findSetItem(found, type) : undefined;
    if (item !== undefined) return item;
    const reason = `[${name}] is not an extension of ${type.name} that ${file.name} imports`;
    throw found.kind === 'unknown' ? new LackingName(reason, written) : new OptionFault(reason, written);
  }
  const found = fieldOf(type, name);
  if (found !== undefined) return found;
  // A group goes by the name of its message too.
  const group = fieldOf(type, name.toLowerCase());
  if (group !== undefined && traitsOf(group).delimited) {
    const message = messageOf(group);
    if (message?.node.name === name && message.parent === group.parent) return group;
  }
  throw new OptionFault(`${type.name} has no field ${name}`, written);
}

/** The extension of a message set that a message type has in itself for its own values. */
function findSetItem(type: MessageElement, set: MessageElement): AnyField | undefined {
  for (const { name, extendee, typeName } of type.node.extension) {
    const found = type.file.symbols.get(`${type.name}.${name}`);
    if (found?.kind === 'extension' && extendee === `.${set.name}` && typeName === `.${type.name}`) return found;
  }
  return undefined;
}

function fillField(message: MessageValue, field: AnyField, written: AggregateField, file: LoadedFile): void {
  const { value } = written;
  if (!written.colon && messageOf(field) === undefined) throw new OptionFault(`expected ":" after ${written.name}`, value);
  if (traitsOf(field).repeated) {
    const values = value.kind === 'list' ? value.values : [value];
    for (const each of values) message.put(field, toValue(field, each, file));
    return;
  }
  if (value.kind === 'list') throw new OptionFault(`${field.name} is not repeated, a list makes no sense`, value);
  if (message.has(field)) throw new OptionFault(`${field.name} is set twice`, written);
  const sibling = message.sibling(field);
  if (sibling !== undefined) throw new OptionFault(`${field.name} and ${sibling.name} are in one oneof; only one can be set`, written);
  message.put(field, toValue(field, value, file));
}

function toValue(field: AnyField, written: AggregateValue, file: LoadedFile): Value {
  const type = messageOf(field);
  if (type !== undefined) {
    if (written.kind !== 'message') throw new OptionFault(`${field.name} is a message: write its value in braces`, written);
    const message = new MessageValue(type);
    fillMessage(message, written.fields, file);
    if (isMapEntry(type)) completeEntry(message);
    return message;
  }
  if (written.kind === 'message' || written.kind === 'list') throw new OptionFault(`${field.name} is not a message`, written);
  const value = scalarValue(field, written, true);
  if (isMisfit(value)) throw new OptionFault(`${field.name}: ${value.misfit}`, written);
  return value;
}

/** The entry of a map is written with both key and value. */
function completeEntry(entry: MessageValue): void {
  for (const part of ['key', 'value']) {
    const field = fieldOf(entry.type, part);
    if (field === undefined || entry.has(field)) continue;
    const type = messageOf(field);
    entry.put(field, type === undefined ? zeroOf(field.node.type ?? 0) : new MessageValue(type));
  }
}

/** `[type.googleapis.com/pkg.Type] { ... }` inside a google.protobuf.Any. */
function fillAny(message: MessageValue, written: AggregateField, file: LoadedFile): void {
  const name = ANY_URL.exec(written.name)?.[1];
  const type = name === undefined ? undefined : file.symbols.get(name);
  const url = fieldOf(message.type, 'type_url');
  const bytes = fieldOf(message.type, 'value');
  if (message.type.name !== 'google.protobuf.Any' || url === undefined || bytes === undefined) {
    throw new OptionFault(`${message.type.name} is not google.protobuf.Any`, written);
  }
  if (type === undefined) throw new LackingName(`[${written.name}] names no message type`, written);
  if (type.kind !== 'message') throw new OptionFault(`[${written.name}] names no message type`, written);
  if (written.value.kind !== 'message') throw new OptionFault(`[${written.name}] needs its value in braces`, written);
  const content = new MessageValue(type);
  fillMessage(content, written.value.fields, file);
  message.put(url, utf8.encode(written.name));
  message.put(bytes, encodeMessage(content, true));
}
