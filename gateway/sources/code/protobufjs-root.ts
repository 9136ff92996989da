import type {
  EnumDescriptor,
  FieldDescriptor,
  FileDescriptor,
  MessageDescriptor,
  ServiceDescriptor,
} from '../../../proto/descriptor/descriptor.js';
import type { Schema } from '../../../proto/schema.js';
import { camelCase, snakeCase } from './field-name.js';
import { qualified } from './official-names.js';
import { type OptionValues, writeOptions } from './options.js';

/** A `Root` of `protobufjs` (version 7.5 or newer), as far as it is needed. */
export interface ProtobufjsRoot {
  readonly nestedArray: readonly object[];
  resolveAll(): unknown;
}

/** What every reflection object has. */
interface Reflected {
  readonly name: string;
  readonly fullName: string;
  readonly filename?: string | null;
  readonly options?: OptionValues | null;
  /** In the form of the text, in order, repetitions kept; `options` has them flattened. */
  readonly parsedOptions?: readonly OptionValues[] | null;
  /** Resolved features of editions, by their names in snake case. */
  readonly _features?: Readonly<Record<string, string>>;
}

interface Namespace extends Reflected {
  readonly nestedArray: readonly Reflected[];
}

interface Field extends Reflected {
  readonly id: number;
  readonly type: string;
  readonly resolvedType?: Reflected | null;
  readonly repeated: boolean;
  readonly required: boolean;
  readonly hasPresence: boolean;
  readonly packed: boolean;
  readonly delimited: boolean;
  readonly map: boolean;
  readonly keyType?: string;
  /** Set of an extension. */
  readonly extend?: string;
  /** The extension that this field of the extended message stands for. */
  readonly declaringField?: unknown;
  readonly partOf?: Oneof | null;
  /** Since version 8. */
  readonly protoName?: string;
  readonly jsonName?: string;
}

interface Oneof extends Reflected {
  readonly fieldsArray: readonly Field[];
}

interface Type extends Namespace {
  readonly fieldsArray: readonly Field[];
  readonly oneofsArray: readonly Oneof[];
  /** Numbers, both ends included. */
  readonly extensions?: readonly (readonly [first: number, last: number])[];
}

interface Enum extends Reflected {
  readonly values: Readonly<Record<string, number>>;
  readonly valuesOptions?: Readonly<Record<string, OptionValues | undefined>>;
}

interface Service extends Namespace {
  readonly methodsArray: readonly Method[];
}

interface Method extends Reflected {
  readonly requestType: string;
  readonly responseType: string;
  readonly resolvedRequestType?: Reflected | null;
  readonly resolvedResponseType?: Reflected | null;
  readonly requestStream?: boolean;
  readonly responseStream?: boolean;
}

const EDITION_2023 = 1000;
const scalars = ['double', 'float', 'int64', 'uint64', 'int32', 'fixed64', 'fixed32', 'bool', 'string'];
const MESSAGE = 11;
const ENUM = 14;
/** FieldDescriptorProto.Type by name. */
const scalarTypes: ReadonlyMap<string, number> = new Map([
  ...scalars.map((name, i): [string, number] => [name, i + 1]),
  ...Object.entries({ bytes: 12, uint32: 13, sfixed32: 15, sfixed64: 16, sint32: 17, sint64: 18 }),
]);

/**
 * The files of a root: one a package, without imports, and in edition 2023, which can say of each field what it was in whatever syntax it was
 * written. Throws what `protobufjs` does if a type is nowhere.
 */
export function filesOfRoot(root: ProtobufjsRoot, schema: Schema): readonly FileDescriptor[] {
  root.resolveAll();
  return filesOfNamespace(root.nestedArray as readonly Reflected[], '', new Writer(schema));
}

function filesOfNamespace(nested: readonly Reflected[], inPackage: string, writer: Writer): readonly FileDescriptor[] {
  const file: FileDescriptor = {
    ...(inPackage === '' ? {} : { package: inPackage }),
    ...{ dependency: [], publicDependency: [], weakDependency: [], optionDependency: [] },
    messageType: nested.filter(isType).map((type) => writer.message(type)),
    enumType: nested.filter(isEnum).map((type) => writer.enumeration(type)),
    service: nested.filter(isService).map((service) => writer.service(service)),
    extension: nested.filter(isField).map((field) => writer.field(field)),
    syntax: 'editions',
    edition: EDITION_2023,
  };
  const inner = nested
    .filter(isPlainNamespace)
    .flatMap(({ name, nestedArray }) => filesOfNamespace(nestedArray, qualified(inPackage, name), writer));
  return [file, ...inner];
}

function isType(object: Reflected): object is Type {
  return 'fieldsArray' in object && 'nestedArray' in object;
}

function isEnum(object: Reflected): object is Enum {
  return 'values' in object;
}

function isService(object: Reflected): object is Service {
  return 'methodsArray' in object;
}

function isField(object: Reflected): object is Field {
  return 'id' in object;
}

function isPlainNamespace(object: Reflected): object is Namespace {
  return 'nestedArray' in object && !isType(object) && !isService(object);
}

class Writer {
  constructor(private readonly schema: Schema) {}

  message(type: Type): MessageDescriptor {
    // The oneof of one field that stands for `optional` is no oneof.
    const oneofs = type.oneofsArray.filter(({ fieldsArray }) => fieldsArray[0]?.options?.proto3_optional !== true);
    const fields = type.fieldsArray.filter(({ declaringField }) => declaringField === undefined || declaringField === null);
    return {
      name: type.name,
      field: fields.map((field) => this.field(field, oneofs)),
      extension: type.nestedArray.filter(isField).map((field) => this.field(field)),
      nestedType: [
        ...type.nestedArray.filter(isType).map((inner) => this.message(inner)),
        ...fields.flatMap((field) => this.#entry(field)),
      ],
      enumType: type.nestedArray.filter(isEnum).map((inner) => this.enumeration(inner)),
      extensionRange: (type.extensions ?? []).map(([first, last]) => ({ start: first, end: last + 1 })),
      oneofDecl: oneofs.map((oneof) => ({ name: oneof.name, ...this.#options('OneofOptions', oneof) })),
      ...this.#options('MessageOptions', type),
      ...{ reservedRange: [], reservedName: [] },
    };
  }

  field(field: Field, oneofs: readonly Oneof[] = []): FieldDescriptor {
    const oneofIndex = field.partOf === undefined || field.partOf === null ? -1 : oneofs.indexOf(field.partOf);
    const byDefault = field.options?.default;
    return {
      name: protoNameOf(field),
      number: field.id,
      label: field.repeated || field.map ? 3 : 1,
      ...(field.map ? { type: MESSAGE, typeName: `.${ownerOf(field)}.${entryName(field)}` } : typeOf(field)),
      ...(field.extend === undefined ? {} : { extendee: field.extend }),
      ...(byDefault === undefined || byDefault === null ? {} : { defaultValue: String(byDefault) }),
      ...(oneofIndex === -1 ? {} : { oneofIndex }),
      ...(field.extend === undefined ? { jsonName: field.jsonName ?? camelCase(field.name) } : {}),
      ...this.#options('FieldOptions', field, { features: featuresOf(field) }),
    };
  }

  enumeration(type: Enum): EnumDescriptor {
    const closed = type._features?.enum_type === 'CLOSED';
    return {
      name: type.name,
      value: Object.entries(type.values).map(([name, number]) => {
        const options = writeOptions(this.schema, 'EnumValueOptions', [type.valuesOptions?.[name] ?? {}]);
        return { name, number, ...(options === undefined ? {} : { options }) };
      }),
      ...this.#options('EnumOptions', type, { features: { enum_type: closed ? 'CLOSED' : 'OPEN' } }),
      ...{ reservedRange: [], reservedName: [] },
    };
  }

  service(service: Service): ServiceDescriptor {
    return {
      name: service.name,
      method: service.methodsArray.map((method) => ({
        name: method.name,
        inputType: method.resolvedRequestType?.fullName ?? method.requestType,
        outputType: method.resolvedResponseType?.fullName ?? method.responseType,
        clientStreaming: method.requestStream === true,
        serverStreaming: method.responseStream === true,
        ...this.#options('MethodOptions', method),
      })),
      ...this.#options('ServiceOptions', service),
    };
  }

  /** The message behind a map field. */
  #entry(field: Field): readonly MessageDescriptor[] {
    if (!field.map) return [];
    const key = { name: 'key', number: 1, label: 1, type: scalarTypes.get(field.keyType ?? '') ?? 0 };
    const value = { name: 'value', number: 2, label: 1, ...typeOf(field) };
    const options = writeOptions(this.schema, 'MessageOptions', [{ map_entry: true }]);
    return [
      {
        name: entryName(field),
        field: [key, value],
        ...{ extension: [], nestedType: [], enumType: [], extensionRange: [], oneofDecl: [], reservedRange: [], reservedName: [] },
        ...(options === undefined ? {} : { options }),
      },
    ];
  }

  #options(type: string, object: Reflected, more: OptionValues = {}): { options?: Uint8Array } {
    const said = object.parsedOptions ?? [unflattened(object.options ?? {})];
    const options = writeOptions(this.schema, type, [...said.map(withoutFeatures), more]);
    return options === undefined ? {} : { options };
  }
}

/** `features` are resolved, and then said in full. */
function withoutFeatures({ features: _, ...rest }: OptionValues): OptionValues {
  return rest;
}

/** `{'(a.b).c': 1}` -> `{'(a.b)': {c: 1}}`, for options of roots that were made without text. */
function unflattened(options: OptionValues): OptionValues {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(options)) {
    const [, name = '', rest] = /^(\([^)]*\)|[^.]*)(?:\.(.*))?$/.exec(key) ?? [];
    values[name] = rest === undefined ? value : { ...Object(values[name]), ...unflattenedPath(rest.split('.'), value) };
  }
  return values;
}

function unflattenedPath([first = '', ...rest]: readonly string[], value: unknown): OptionValues {
  return { [first]: rest.length === 0 ? value : unflattenedPath(rest, value) };
}

function featuresOf(field: Field): OptionValues {
  return {
    ...(field.repeated || field.map
      ? {}
      : { field_presence: field.required ? 'LEGACY_REQUIRED' : field.hasPresence ? 'EXPLICIT' : 'IMPLICIT' }),
    repeated_field_encoding: field.packed ? 'PACKED' : 'EXPANDED',
    utf8_validation: field._features?.utf8_validation === 'NONE' ? 'NONE' : 'VERIFY',
    ...(field.delimited ? { message_encoding: 'DELIMITED' } : {}),
  };
}

function typeOf({ type, resolvedType }: Field): { readonly type: number; readonly typeName?: string } {
  const scalar = scalarTypes.get(type);
  if (scalar !== undefined) return { type: scalar };
  const named = resolvedType ?? undefined;
  return { type: named !== undefined && isEnum(named) ? ENUM : MESSAGE, typeName: named?.fullName ?? type };
}

/** As in the text: version 7 knows it only from its own names, which are in camel case unless `keepCase` was said. */
function protoNameOf({ protoName, name, extend }: Field): string {
  if (protoName !== undefined) return protoName;
  return extend === undefined ? snakeCase(name) : name;
}

function ownerOf({ fullName }: Field): string {
  const name = fullName.replace(/^\./, '');
  return name.slice(0, name.lastIndexOf('.'));
}

/** As protoc names it. */
function entryName(field: Field): string {
  const camel = protoNameOf(field).replaceAll(/(?:^|_)([a-z\d])?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');
  return `${camel}Entry`;
}
