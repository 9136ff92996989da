import type { EnumDescriptor, FieldDescriptor, MessageDescriptor, ServiceDescriptor } from '../descriptor/descriptor.js';
import { varintOption } from '../descriptor/option.js';
import type { Problem } from '../problem.js';
import { checkEnum } from './check.js';
import { FEATURES, type Features, refineFeatures } from './features.js';
import { Place } from './place.js';
import type { Symbols } from './symbols.js';
import { LinkedEnum, LinkedEnumValue, LinkedMessage, LinkedService } from './types.js';
import type { Unit } from './unit.js';

const MAP_ENTRY = 7;

/** Field numbers of the lists in FileDescriptorProto, DescriptorProto and so on, which make up a {@link Place}. */
export const LISTS = {
  file: { message: 4, enum: 5, service: 6, extension: 7 },
  message: { field: 2, message: 3, enum: 4, extension: 6, oneof: 8 },
  enum: { value: 2 },
  service: { method: 2 },
} as const;

/** What a file declares, for the second step, which connects fields and methods with their types. */
export interface Declared {
  /** A nested message stands before the one it is in. */
  readonly messages: { readonly type: LinkedMessage; readonly descriptor: MessageDescriptor; readonly features: Features }[];
  readonly services: { readonly type: LinkedService; readonly descriptor: ServiceDescriptor }[];
  readonly extensions: {
    readonly descriptor: FieldDescriptor;
    readonly scope: string;
    readonly place: Place;
    readonly features: Features;
  }[];
}

/** Where declarations stand: their outer scope's full name, place and features. */
interface Scope {
  readonly name: string;
  readonly place: Place | undefined;
  readonly features: Features;
}

/** The first step for a file: creates its types and enters their names. Throws `WireFormatError` for broken options. */
export function declareFile(unit: Unit, symbols: Symbols, problems: Problem[]): Declared {
  const { descriptor, features } = unit;
  const scope: Scope = { name: descriptor.package ?? '', place: undefined, features };
  const declared: Declared = { messages: [], services: [], extensions: [] };
  const declarer = new Declarer(unit, symbols, problems, declared);
  symbols.declarePackage(unit, problems);
  descriptor.messageType.forEach((message, i) => {
    declarer.message(message, scope, LISTS.file.message, i);
  });
  descriptor.enumType.forEach((enumeration, i) => {
    declarer.enum(enumeration, scope, LISTS.file.enum, i);
  });
  descriptor.service.forEach((service, i) => {
    declarer.service(service, scope, i);
  });
  declarer.extensions(descriptor.extension, scope, LISTS.file.extension);
  return declared;
}

class Declarer {
  constructor(
    readonly unit: Unit,
    readonly symbols: Symbols,
    readonly problems: Problem[],
    readonly declared: Declared,
  ) {}

  message(descriptor: MessageDescriptor, outer: Scope, list: number, index: number): void {
    const place = new Place(this.unit.text, outer.place, list, index);
    const name = inside(outer.name, descriptor.name);
    const features = refineFeatures(outer.features, descriptor.options, FEATURES.message);
    const type = new LinkedMessage(
      name,
      place,
      descriptor.options,
      varintOption(descriptor.options, MAP_ENTRY) === 1,
      descriptor.extensionRange,
    );
    const scope: Scope = { name, place, features };
    this.symbols.declare(name, place, type, this.problems);
    descriptor.nestedType.forEach((nested, i) => {
      this.message(nested, scope, LISTS.message.message, i);
    });
    descriptor.enumType.forEach((nested, i) => {
      this.enum(nested, scope, LISTS.message.enum, i);
    });
    this.extensions(descriptor.extension, scope, LISTS.message.extension);
    this.declared.messages.push({ type, descriptor, features });
  }

  enum(descriptor: EnumDescriptor, outer: Scope, list: number, index: number): void {
    const place = new Place(this.unit.text, outer.place, list, index);
    const name = inside(outer.name, descriptor.name);
    const features = refineFeatures(outer.features, descriptor.options, FEATURES.enum);
    const type = new LinkedEnum(name, place, descriptor.options, features.closed);
    this.symbols.declare(name, place, type, this.problems);
    type.values = descriptor.value.map(({ name: protoName = '', number = 0, options }, i) => {
      // Values live in the scope around their enum, as in C++.
      const valueName = inside(outer.name, protoName);
      const valuePlace = new Place(this.unit.text, place, LISTS.enum.value, i);
      this.symbols.declare(valueName, valuePlace, undefined, this.problems);
      return new LinkedEnumValue(valueName, valuePlace, options, protoName, number);
    });
    checkEnum(type, this.problems);
  }

  service(descriptor: ServiceDescriptor, outer: Scope, index: number): void {
    const place = new Place(this.unit.text, outer.place, LISTS.file.service, index);
    const name = inside(outer.name, descriptor.name);
    this.symbols.declare(name, place, undefined, this.problems);
    this.declared.services.push({ type: new LinkedService(name, place, descriptor.options), descriptor });
  }

  extensions(descriptors: readonly FieldDescriptor[], outer: Scope, list: number): void {
    descriptors.forEach((descriptor, i) => {
      const place = new Place(this.unit.text, outer.place, list, i);
      this.declared.extensions.push({ descriptor, scope: outer.name, place, features: outer.features });
    });
  }
}

/** Full name of a declaration inside a package or message. */
export function inside(scope: string, name: string | undefined): string {
  return scope === '' ? (name ?? '') : `${scope}.${name ?? ''}`;
}
