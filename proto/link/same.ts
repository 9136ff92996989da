import type { FieldDescriptor, FileDescriptor } from '../descriptor/descriptor.js';
import { messageOption } from '../descriptor/option.js';
import { WireReader } from '../wire/reader.js';
import { editionOf, FEATURES } from './features.js';
import { jsonNameOf } from './json-name.js';

/** Neither changes what messages look like nor what methods do; tools prune and rewrite them. */
const meaningless = new Set(['reservedRange', 'reservedName', 'extensionRange', 'visibility']);
const fileParts = ['package', 'messageType', 'enumType', 'service', 'extension'] as const;

/**
 * Where two descriptors of one file first say different things, undefined if they mean the same: imports, options of the file, source info, the
 * order of options and a spelled-out default `json_name` do not count. Throws `WireFormatError` for broken options.
 */
export function firstDifference(a: FileDescriptor, b: FileDescriptor): string | undefined {
  if (editionOf(a) !== editionOf(b)) return 'syntax or edition';
  if (!sameOptions(messageOption(a.options, FEATURES.file), messageOption(b.options, FEATURES.file))) return 'features of the file';
  for (const part of fileParts) {
    const difference = differ(a[part], b[part], part);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function differ(a: unknown, b: unknown, at: string): string | undefined {
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return sameOptions(a as Uint8Array | undefined, b as Uint8Array | undefined) ? undefined : at;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return `${at}, number of entries`;
    return first(a.keys(), (i) => differ(a[i], b[i], `${at} ${nameOf(a[i]) ?? nameOf(b[i]) ?? i}`));
  }
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    const [left, right] = [normal(a as FieldDescriptor, b), normal(b as FieldDescriptor, a)];
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return first(keys, (key) => (meaningless.has(key) ? undefined : differ(left[key], right[key], `${at}, ${key}`)));
  }
  return a === b ? undefined : at;
}

function first<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : undefined;
}

/** Spells out what a field descriptor may leave out. Other descriptors stay as they are. */
function normal(descriptor: FieldDescriptor, other: FieldDescriptor): Record<string, unknown> {
  if (descriptor.number === undefined || descriptor.label === undefined) return { ...descriptor };
  const { type, typeName, name = '', jsonName = jsonNameOf(name), ...rest } = descriptor;
  if (typeName === undefined) return { ...rest, name, jsonName, type };
  return { ...rest, name, jsonName, type: type ?? other.type, typeName: absolute(typeName, other.typeName ?? '') };
}

/** A relative type name takes the spelling of an absolute one that may mean the same. */
function absolute(name: string, other: string): string {
  return !name.startsWith('.') && other.startsWith('.') && other.endsWith(`.${name}`) ? other : name;
}

function sameOptions(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  const [left, right] = [sorted(a), sorted(b)];
  return left.length === right.length && left.every((field, i) => field === right[i]);
}

/** Each field of an options message as text, in order of numbers; the order within one number has meaning and stays. */
function sorted(options: Uint8Array | undefined): string[] {
  const fields: { number: number; text: string }[] = [];
  for (const reader = new WireReader(options ?? new Uint8Array(0)); !reader.done; ) {
    const start = reader.pos;
    const tag = reader.tag();
    reader.skip(tag);
    fields.push({ number: tag >>> 3, text: reader.bytes.subarray(start, reader.pos).join(' ') });
  }
  return fields.sort((x, y) => x.number - y.number).map((field) => field.text);
}
