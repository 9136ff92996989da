import type { ExtensionRange } from '../descriptor/descriptor.js';
import { varintOption } from '../descriptor/option.js';
import type {
  Element,
  EnumField,
  EnumType,
  EnumValue,
  FieldType,
  MapField,
  MessageField,
  MessageType,
  MethodType,
  OneofType,
  ScalarField,
  ScalarKind,
  ServiceType,
} from '../schema.js';
import type { Place } from './place.js';

const NO_OPTIONS = new Uint8Array(0);

/** Field numbers of `deprecated` in MessageOptions, FieldOptions... */
const DEPRECATED = { message: 3, field: 3, enum: 3, enumValue: 1, service: 33, method: 33 } as const;

abstract class LinkedElement implements Element {
  readonly options: Uint8Array;
  readonly deprecated: boolean;

  constructor(
    readonly name: string,
    readonly place: Place,
    options: Uint8Array | undefined,
    kind: keyof typeof DEPRECATED,
  ) {
    this.options = options ?? NO_OPTIONS;
    this.deprecated = varintOption(options, DEPRECATED[kind]) === 1;
  }

  get comment(): string {
    return this.place.comment;
  }

  get file(): string {
    return this.place.text.file;
  }
}

/** `fields` and `oneofs` are filled in by the linker, before anybody sees the message. */
export class LinkedMessage extends LinkedElement implements MessageType {
  fields: readonly FieldType[] = [];
  oneofs: readonly OneofType[] = [];
  #byName: ReadonlyMap<string, FieldType> | undefined;
  #byNumber: ReadonlyMap<number, FieldType> | undefined;

  constructor(
    name: string,
    place: Place,
    options: Uint8Array | undefined,
    readonly mapEntry: boolean,
    readonly extensionRanges: readonly ExtensionRange[],
  ) {
    super(name, place, options, 'message');
  }

  field(name: string): FieldType | undefined {
    this.#byName ??= new Map([
      ...this.fields.map((f) => [f.protoName, f] as const),
      ...this.fields.toReversed().map((f) => [f.jsonName, f] as const),
    ]);
    return this.#byName.get(name);
  }

  fieldByNumber(number: number): FieldType | undefined {
    this.#byNumber ??= new Map(this.fields.map((f) => [f.number, f]));
    return this.#byNumber.get(number);
  }
}

/** A oneof; its fields are set once they are linked. */
export class LinkedOneof implements OneofType {
  fields: readonly FieldType[] = [];

  constructor(
    readonly name: string,
    readonly place: Place,
  ) {}

  get comment(): string {
    return this.place.comment;
  }
}

/** An enum; its values are set once they are linked. Tables by name and number are made when somebody asks. */
export class LinkedEnum extends LinkedElement implements EnumType {
  values: readonly EnumValue[] = [];
  #byName: ReadonlyMap<string, EnumValue> | undefined;
  #byNumber: ReadonlyMap<number, EnumValue> | undefined;

  constructor(
    name: string,
    place: Place,
    options: Uint8Array | undefined,
    readonly closed: boolean,
  ) {
    super(name, place, options, 'enum');
  }

  value(name: string): EnumValue | undefined {
    this.#byName ??= new Map(this.values.map((v) => [v.protoName, v]));
    return this.#byName.get(name);
  }

  valueByNumber(number: number): EnumValue | undefined {
    this.#byNumber ??= new Map(this.values.toReversed().map((v) => [v.number, v]));
    return this.#byNumber.get(number);
  }
}

/** A value of an enum. */
export class LinkedEnumValue extends LinkedElement implements EnumValue {
  constructor(
    name: string,
    place: Place,
    options: Uint8Array | undefined,
    readonly protoName: string,
    readonly number: number,
  ) {
    super(name, place, options, 'enumValue');
  }
}

/** A service; its methods are set once they are linked. */
export class LinkedService extends LinkedElement implements ServiceType {
  methods: readonly MethodType[] = [];
  offeredBy: readonly string[] = [];

  constructor(name: string, place: Place, options: Uint8Array | undefined) {
    super(name, place, options, 'service');
  }
}

const IDEMPOTENCY_LEVEL = 34;

/** Signature of a method. */
export interface MethodShape {
  readonly input: MessageType;
  readonly output: MessageType;
  readonly clientStream: boolean;
  readonly serverStream: boolean;
}

/** A method of a service. */
export class LinkedMethod extends LinkedElement implements MethodType {
  readonly path: string;
  readonly input: MessageType;
  readonly output: MessageType;
  readonly clientStream: boolean;
  readonly serverStream: boolean;
  readonly idempotent: boolean;

  constructor(
    readonly service: ServiceType,
    place: Place,
    options: Uint8Array | undefined,
    readonly protoName: string,
    shape: MethodShape,
  ) {
    super(`${service.name}.${protoName}`, place, options, 'method');
    this.path = `/${service.name}/${protoName}`;
    this.input = shape.input;
    this.output = shape.output;
    this.clientStream = shape.clientStream;
    this.serverStream = shape.serverStream;
    this.idempotent = (varintOption(options, IDEMPOTENCY_LEVEL) ?? 0) > 0;
  }
}

/** What fields of every kind have in common. */
export interface FieldShape {
  readonly name: string;
  readonly place: Place;
  readonly options: Uint8Array | undefined;
  readonly protoName: string;
  readonly jsonName: string;
  readonly number: number;
  readonly parent: MessageType;
  readonly repeated: boolean;
  readonly packed: boolean;
  readonly oneof: OneofType | undefined;
  readonly presence: boolean;
  readonly required: boolean;
  readonly extension: boolean;
}

abstract class LinkedField extends LinkedElement {
  readonly protoName: string;
  readonly jsonName: string;
  readonly number: number;
  readonly parent: MessageType;
  readonly repeated: boolean;
  readonly packed: boolean;
  readonly oneof: OneofType | undefined;
  readonly presence: boolean;
  readonly required: boolean;
  readonly extension: boolean;

  constructor(shape: FieldShape) {
    super(shape.name, shape.place, shape.options, 'field');
    this.protoName = shape.protoName;
    this.jsonName = shape.jsonName;
    this.number = shape.number;
    this.parent = shape.parent;
    this.repeated = shape.repeated;
    this.packed = shape.packed;
    this.oneof = shape.oneof;
    this.presence = shape.presence;
    this.required = shape.required;
    this.extension = shape.extension;
  }
}

/** A field of a scalar type. */
export class LinkedScalarField extends LinkedField implements ScalarField {
  constructor(
    shape: FieldShape,
    readonly kind: ScalarKind,
    readonly utf8: boolean,
  ) {
    super(shape);
  }
}

/** A field of an enum. */
export class LinkedEnumField extends LinkedField implements EnumField {
  readonly kind = 'enum';

  constructor(
    shape: FieldShape,
    readonly type: EnumType,
  ) {
    super(shape);
  }
}

/** A field of a message, or a group. */
export class LinkedMessageField extends LinkedField implements MessageField {
  readonly kind = 'message';

  constructor(
    shape: FieldShape,
    readonly type: MessageType,
    readonly delimited: boolean,
  ) {
    super(shape);
  }
}

/** A map field. */
export class LinkedMapField extends LinkedField implements MapField {
  readonly kind = 'map';

  constructor(
    shape: FieldShape,
    readonly type: MessageType,
    readonly key: ScalarField,
    readonly value: ScalarField | EnumField | MessageField,
  ) {
    super(shape);
  }
}
