import type { FieldDescriptor, MessageDescriptor } from '../descriptor/descriptor.js';
import { LABEL, TYPE } from './field-types.js';
import type { Parser } from './parser.js';

/** A type as a field refers to it: a scalar by number or another one by name. */
export interface TypeRef {
  readonly type?: number;
  readonly typeName?: string;
}

/** What `map<K, V>` says of its entries. */
export interface MapTypes {
  readonly key: TypeRef;
  readonly value: TypeRef;
}

/** MessageOptions with map_entry = true. */
const MAP_ENTRY = Uint8Array.of(0x38, 0x01);

/** `map<K, V> page_tags = 1;` is `repeated PageTagsEntry page_tags = 1;` and a message PageTagsEntry of key and value. */
export function addMapEntry(p: Parser, field: FieldDescriptor, types: MapTypes, messages: MessageDescriptor[]): void {
  const name = mapEntryName(field.name ?? '');
  field.typeName = name;
  const key: FieldDescriptor = { name: 'key', number: 1, label: LABEL.optional, ...types.key };
  const value: FieldDescriptor = { name: 'value', number: 2, label: LABEL.optional, ...types.value };
  messages.push({
    name,
    field: [key, value],
    extension: [],
    nestedType: [],
    enumType: [],
    extensionRange: [],
    oneofDecl: [],
    options: MAP_ENTRY,
    reservedRange: [],
    reservedName: [],
  });
  handDown(p, field, [key, value]);
}

/** Features of a map field hold for key and value too, and so does enforce_utf8 for strings. */
function handDown(p: Parser, field: FieldDescriptor, parts: readonly FieldDescriptor[]): void {
  const options = p.options.get(field) ?? [];
  for (const part of parts) {
    const inherited = options.filter(({ name }) => {
      const first = name[0];
      if (first === undefined || first.isExtension) return false;
      return first.name === 'features' || (first.name === 'enforce_utf8' && name.length === 1 && part.type === TYPE.string);
    });
    if (inherited.length > 0) p.options.set(part, inherited);
  }
}

/** `page_tags` -> `PageTagsEntry`. */
export function mapEntryName(field: string): string {
  return `${field.replace(/(?:^_*|_+)([^_]?)/g, (_, first: string) => first.toUpperCase())}Entry`;
}
