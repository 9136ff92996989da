import type { FieldDescriptor, FileDescriptor } from '../descriptor/descriptor.js';
import { messageOption } from '../descriptor/option.js';
import { WireReader } from '../wire/reader.js';
import { editionOf, FEATURES } from './features.js';
import { typeNameOf } from './field.js';
import { jsonNameOf } from './json-name.js';

/** Neither changes what messages look like nor what methods do; tools prune and rewrite them. */
const meaningless = new Set(['reservedRange', 'reservedName', 'extensionRange', 'visibility']);

/** What descriptors call lists of declarations, and what people call one of these. */
const kinds: Readonly<Record<string, string>> = {
  messageType: 'message',
  nestedType: 'message',
  enumType: 'enum',
  service: 'service',
  extension: 'extension',
  field: 'field',
  oneofDecl: 'oneof',
  value: 'value',
  method: 'method',
};

/** Where people have other words than descriptors. */
const words: Readonly<Record<string, string>> = {
  typeName: 'type',
  jsonName: 'json_name',
  defaultValue: 'default',
  proto3Optional: 'optional',
  oneofIndex: 'oneof',
  inputType: 'request',
  outputType: 'reply',
  clientStreaming: 'stream of requests',
  serverStreaming: 'stream of replies',
};

const typeNames = new Set(['typeName', 'inputType', 'outputType', 'extendee']);

const fileParts = ['messageType', 'enumType', 'service', 'extension'] as const;

/** What problems call the sources of two descriptors. */
type Origins = readonly [one: string, other: string];

/**
 * Where two descriptors of one file first say different things, undefined if they mean the same: imports, options of the file, source info, the
 * order of options and a spelled-out default `json_name` do not count. Throws `WireFormatError` for broken options. Names both origins:
 *
 *     field done of message Todo is only in protos/
 *     type of field id of message Todo is string in protos/ and int32 in api.binpb
 */
export function firstDifference(a: FileDescriptor, b: FileDescriptor, origins: Origins): string | undefined {
  if (editionOf(a) !== editionOf(b)) return `the syntax or edition differs ${between(origins)}`;
  if (!sameOptions(messageOption(a.options, FEATURES.file), messageOption(b.options, FEATURES.file)))
    return `the features of the file differ ${between(origins)}`;
  if (a.package !== b.package) return differentValues('package', a.package, b.package, origins);
  return first(fileParts, (part) => differInList(kinds[part] ?? part, a[part], b[part], '', origins));
}

/** Declarations of one kind; their order counts: the first value of an enum is its default. */
function differInList(kind: string, a: readonly Named[], b: readonly Named[], place: string, origins: Origins): string | undefined {
  const missing = only(a, b, origins[0]) ?? only(b, a, origins[1]);
  if (missing !== undefined) return `${kind} ${missing.name}${place} is only in ${missing.origin}`;
  if (a.length !== b.length || a.some(({ name }, i) => name !== b[i]?.name))
    return `the order of ${kind}s${place} differs ${between(origins)}`;
  return first(a.keys(), (i) => differ(a[i] ?? {}, b[i] ?? {}, `${kind} ${a[i]?.name}${place}`, origins));
}

interface Named {
  readonly name?: string;
}

/** What the first list has alone. */
function only(these: readonly Named[], those: readonly Named[], origin: string) {
  const names = new Set(those.map(({ name }) => name));
  const found = these.find(({ name }) => !names.has(name));
  return found && { name: found.name, origin };
}

function differ(a: Named, b: Named, place: string, origins: Origins): string | undefined {
  const [left, right] = [normal(a as FieldDescriptor, b), normal(b as FieldDescriptor, a)];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return first(keys, (key) => {
    const [x, y] = [left[key], right[key]];
    if (meaningless.has(key) || x === y) return undefined;
    if (Array.isArray(x) && Array.isArray(y)) return differInList(kinds[key] ?? key, x, y, ` of ${place}`, origins);
    if (!(x instanceof Uint8Array || y instanceof Uint8Array))
      return differentValues(`${words[key] ?? key} of ${place}`, text(key, x), text(key, y), origins);
    return sameOptions(x as Uint8Array | undefined, y as Uint8Array | undefined)
      ? undefined
      : `the options of ${place} differ ${between(origins)}`;
  });
}

function between([one, other]: Origins): string {
  return `between ${one} and ${other}`;
}

function differentValues(what: string, a: unknown, b: unknown, [one, other]: Origins): string {
  return `${what} is ${a ?? 'not set'} in ${one} and ${b ?? 'not set'} in ${other}`;
}

/** A value as it stands in a proto file. */
function text(key: string, value: unknown): unknown {
  if (key === 'type' && value !== undefined) return typeNameOf(Number(value));
  if (key === 'label') return ['optional', 'required', 'repeated'][Number(value) - 1];
  return typeNames.has(key) && typeof value === 'string' ? value.replace(/^\./, '') : value;
}

function first<I, T>(items: Iterable<I>, find: (item: I) => T | undefined): T | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
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
