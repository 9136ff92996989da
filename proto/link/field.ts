import type { FieldDescriptor } from '../descriptor/descriptor.js';
import { varintOption } from '../descriptor/option.js';
import type { FieldType, OneofType, ScalarField, ScalarKind } from '../schema.js';
import { FEATURES, type Features, refineFeatures } from './features.js';
import { jsonNameOf } from './json-name.js';
import type { Place } from './place.js';
import type { LinkedType } from './symbols.js';
import {
  type FieldShape,
  LinkedEnum,
  LinkedEnumField,
  LinkedMapField,
  LinkedMessage,
  LinkedMessageField,
  LinkedScalarField,
} from './types.js';

/** FieldDescriptorProto.Type -> kind; 10, 11 and 14 are group, message and enum. */
const scalars: Readonly<Record<number, ScalarKind>> = {
  1: 'double',
  2: 'float',
  3: 'int64',
  4: 'uint64',
  5: 'int32',
  6: 'fixed64',
  7: 'fixed32',
  8: 'bool',
  9: 'string',
  12: 'bytes',
  13: 'uint32',
  15: 'sfixed32',
  16: 'sfixed64',
  17: 'sint32',
  18: 'sint64',
};
const GROUP = 10;
const MESSAGE = 11;
const ENUM = 14;
const others: Readonly<Record<number, string>> = { [GROUP]: 'group', [MESSAGE]: 'message', [ENUM]: 'enum' };
const REQUIRED = 2;
const REPEATED = 3;
const PACKED = 2;
const MAX_NUMBER = 2 ** 29 - 1;

/** What a FieldDescriptorProto.Type is called: `string`, `enum`. */
export function typeNameOf(type: number): string {
  return scalars[type] ?? others[type] ?? `number ${type}`;
}

/** What a field is made from. */
export interface FieldParts {
  readonly descriptor: FieldDescriptor;
  readonly name: string;
  readonly place: Place;
  readonly parent: LinkedMessage;
  /** A real one, not the synthetic one behind proto3 `optional`. */
  readonly oneof: OneofType | undefined;
  /** Of the scope around the field. */
  readonly features: Features;
  /** What `type_name` refers to. */
  readonly type: LinkedType | undefined;
  readonly extension: boolean;
}

/** A linked field, or why its descriptor makes none. Throws `WireFormatError` for broken options. */
export function createField(parts: FieldParts): FieldType | string {
  const { descriptor, type, parent } = parts;
  const number = descriptor.number ?? 0;
  if (number < 1 || number > MAX_NUMBER) return `field number ${number} is not between 1 and ${MAX_NUMBER}`;
  const features = refineFeatures(parts.features, descriptor.options, FEATURES.field);
  if (type instanceof LinkedMessage) {
    if (type.mapEntry && !parent.mapEntry) return createMap(parts, type, features);
    if (descriptor.type !== undefined && descriptor.type !== MESSAGE && descriptor.type !== GROUP) return wrongType(descriptor, type);
    const delimited = descriptor.type === GROUP || (features.delimited && !parent.mapEntry);
    return new LinkedMessageField(shape(parts, features, 'message'), type, delimited);
  }
  if (type instanceof LinkedEnum) {
    if (descriptor.type !== undefined && descriptor.type !== ENUM) return wrongType(descriptor, type);
    return new LinkedEnumField(shape(parts, features, 'enum'), type);
  }
  const kind = scalars[descriptor.type ?? 0];
  if (kind === undefined) return `has type number ${descriptor.type ?? 0} and no type name`;
  return new LinkedScalarField(shape(parts, features, kind), kind, kind === 'string' && features.utf8);
}

function wrongType(descriptor: FieldDescriptor, type: LinkedType): string {
  return `has type number ${descriptor.type ?? 0}, but ${type.name} is ${type instanceof LinkedEnum ? 'an enum' : 'a message'}`;
}

function shape(parts: FieldParts, features: Features, kind: ScalarKind | 'enum' | 'message' | 'map'): FieldShape {
  const { descriptor, name, place, parent, oneof, extension } = parts;
  const isRepeated = descriptor.label === REPEATED;
  const required = descriptor.label === REQUIRED || (!isRepeated && features.presence === 'required');
  const isAlwaysExplicit = kind === 'message' || oneof !== undefined || descriptor.proto3Optional === true || extension || required;
  const isPackable = isRepeated && kind !== 'string' && kind !== 'bytes' && kind !== 'message' && kind !== 'map';
  const packedOption = isPackable ? varintOption(descriptor.options, PACKED) : undefined;
  const protoName = extension ? name : (descriptor.name ?? '');
  return {
    ...{ name, place, parent, oneof, extension, required, protoName, options: descriptor.options },
    jsonName: extension ? `[${name}]` : (descriptor.jsonName ?? jsonNameOf(protoName)),
    number: descriptor.number ?? 0,
    repeated: isRepeated && kind !== 'map',
    packed: isPackable && (packedOption === undefined ? features.packed : packedOption === 1),
    presence: !isRepeated && (isAlwaysExplicit || features.presence === 'explicit'),
  };
}

const keyKinds = /^(string|bool|s?int|uint|s?fixed)/;

function createMap(parts: FieldParts, entry: LinkedMessage, features: Features): FieldType | string {
  const key = entry.fieldByNumber(1);
  const value = entry.fieldByNumber(2);
  const isNested = entry.name.startsWith(`${parts.parent.name}.`) && parts.descriptor.label === REPEATED && !parts.extension;
  if (!isNested || key === undefined || !isKey(key) || value === undefined || value.kind === 'map' || value.repeated) {
    return `${entry.name} is not the entry of a map field here`;
  }
  return new LinkedMapField(shape(parts, features, 'map'), entry, key, value);
}

function isKey(field: FieldType): field is ScalarField {
  return keyKinds.test(field.kind) && !field.repeated;
}
