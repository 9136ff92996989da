import type { FieldDescriptor } from '../descriptor/descriptor.js';
import type { Problem } from '../problem.js';
import type { FieldType, OneofType } from '../schema.js';
import { checkMessage } from './check.js';
import { type Declared, inside, LISTS } from './declare.js';
import type { Features } from './features.js';
import { createField } from './field.js';
import { Place } from './place.js';
import type { LinkedType, Symbols } from './symbols.js';
import { LinkedMessage, LinkedMethod, LinkedOneof, type LinkedService } from './types.js';
import { isVisible, type Unit } from './unit.js';

/** What connecting a file brought. */
export interface Resolved {
  readonly services: readonly LinkedService[];
  readonly extensions: readonly FieldType[];
  /** The first element whose type is unknown while imports are missing; it is not yet among the problems. */
  readonly lacking: { readonly subject: string; readonly type: string } | undefined;
}

/** The second step for a file: connects fields, extensions and methods with their types. Throws `WireFormatError` for broken options. */
export function resolveFile(unit: Unit, declared: Declared, symbols: Symbols, problems: Problem[]): Resolved {
  const resolver = new Resolver(unit, symbols, problems);
  for (const { type, descriptor, features } of declared.messages) {
    const oneofs = descriptor.oneofDecl.map((oneof, i) => {
      const place = new Place(unit.text, type.place, LISTS.message.oneof, i);
      symbols.declare(inside(type.name, oneof.name), place, undefined, problems);
      return new LinkedOneof(oneof.name ?? '', place);
    });
    type.fields = descriptor.field.flatMap((field, i) => {
      const place = new Place(unit.text, type.place, LISTS.message.field, i);
      return resolver.field(field, type, oneofs, features, place) ?? [];
    });
    for (const oneof of oneofs) oneof.fields = type.fields.filter((field) => field.oneof === oneof);
    type.oneofs = oneofs.filter((oneof) => oneof.fields.length > 0);
    checkMessage(type, symbols, problems);
  }
  const extensions = declared.extensions.flatMap((extension) => resolver.extension(extension) ?? []);
  for (const { type, descriptor } of declared.services) {
    type.methods = descriptor.method.flatMap((method, i) => {
      const place = new Place(unit.text, type.place, LISTS.service.method, i);
      const name = inside(type.name, method.name);
      symbols.declare(name, place, undefined, problems);
      const input = resolver.message(method.inputType, type.name, name, place);
      const output = resolver.message(method.outputType, type.name, name, place);
      if (input === undefined || output === undefined) return [];
      const shape = { input, output, clientStream: method.clientStreaming === true, serverStream: method.serverStreaming === true };
      return new LinkedMethod(type, place, method.options, method.name ?? '', shape);
    });
  }
  return { services: declared.services.map((service) => service.type), extensions, lacking: resolver.lacking };
}

class Resolver {
  lacking: Resolved['lacking'];

  constructor(
    readonly unit: Unit,
    readonly symbols: Symbols,
    readonly problems: Problem[],
  ) {}

  field(
    descriptor: FieldDescriptor,
    parent: LinkedMessage,
    oneofs: readonly OneofType[],
    features: Features,
    place: Place,
  ): FieldType | undefined {
    const name = inside(parent.name, descriptor.name);
    this.symbols.declare(name, place, undefined, this.problems);
    const type = this.#typeOf(descriptor, parent.name, name, place);
    if (type === 'unknown') return undefined;
    const { oneofIndex, proto3Optional } = descriptor;
    const oneof = oneofIndex === undefined ? undefined : oneofs[oneofIndex];
    if (oneofIndex !== undefined && oneof === undefined) {
      this.problems.push(place.problem(name, `is a member of oneof number ${oneofIndex}, which ${parent.name} does not have`));
    }
    return this.#create({
      descriptor,
      name,
      place,
      parent,
      oneof: proto3Optional === true ? undefined : oneof,
      features,
      type,
      extension: false,
    });
  }

  extension({ descriptor, scope, place, features }: Declared['extensions'][number]): FieldType | undefined {
    const name = inside(scope, descriptor.name);
    this.symbols.declare(name, place, undefined, this.problems);
    const parent = this.message(descriptor.extendee, scope, name, place);
    const type = this.#typeOf(descriptor, scope, name, place);
    if (parent === undefined || type === 'unknown') return undefined;
    const { number = 0 } = descriptor;
    if (!parent.extensionRanges.some(({ start = 0, end = 0 }) => number >= start && number < end)) {
      this.problems.push(place.problem(name, `${parent.name} does not have ${number} among its extension numbers`));
    }
    return this.#create({ descriptor, name, place, parent, oneof: undefined, features, type, extension: true });
  }

  message(typeName: string | undefined, scope: string, subject: string, place: Place): LinkedMessage | undefined {
    const type = this.#type(typeName ?? '', scope, subject, place);
    if (type === undefined || type instanceof LinkedMessage) return type;
    this.problems.push(place.problem(subject, `${type.name} is an enum, a message is wanted`));
    return undefined;
  }

  #create(parts: Parameters<typeof createField>[0]): FieldType | undefined {
    const field = createField(parts);
    if (typeof field !== 'string') return field;
    this.problems.push(parts.place.problem(parts.name, field));
    return undefined;
  }

  #typeOf(descriptor: FieldDescriptor, scope: string, subject: string, place: Place): LinkedType | undefined | 'unknown' {
    return descriptor.typeName === undefined ? undefined : (this.#type(descriptor.typeName, scope, subject, place) ?? 'unknown');
  }

  #type(typeName: string, scope: string, subject: string, place: Place): LinkedType | undefined {
    const type = this.symbols.resolve(typeName, scope, this.unit);
    if (type !== undefined && isVisible(type.place.text, this.unit)) return type;
    if (type !== undefined) {
      // That this file's own type of that name is none was told already.
      if (!this.symbols.contradict(this.unit.text, type.place.text))
        this.problems.push(place.problem(subject, `${type.name} is defined in "${type.file}", which is not imported here; import it`));
    } else if (this.unit.missing.length > 0) {
      this.lacking ??= { subject, type: typeName };
    } else {
      this.problems.push(place.problem(subject, `type "${typeName}" is not defined in this file or its imports`));
    }
    return undefined;
  }
}
