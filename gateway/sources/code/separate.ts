import type {
  EnumDescriptor,
  FieldDescriptor,
  FileDescriptor,
  MessageDescriptor,
  ServiceDescriptor,
} from '../../../proto/descriptor/descriptor.js';
import { extensionKey, type OfficialNames, qualified } from './official-names.js';

/** A top-level element, and what is said of the whole file that it came in. */
interface Part {
  readonly name: string;
  readonly from: FileDescriptor;
  readonly messageType: MessageDescriptor[];
  readonly enumType: EnumDescriptor[];
  readonly service: ServiceDescriptor[];
  readonly extension: FieldDescriptor[];
}

/** What a part has to import: other parts, and official files by name. */
interface Needs {
  readonly parts: ReadonlySet<Part>;
  readonly files: ReadonlySet<string>;
}

/**
 * Makes files with imports of files that say nothing of them: libraries that know only types keep one file a package, or none. What refers to each
 * other in a circle stays in one file, all else has one of its own, so that no import leads back, as none did in the files that there once were.
 * Official elements are left out and imported from the official files.
 */
export function separate(
  files: readonly FileDescriptor[],
  { files: official, extensions }: Omit<OfficialNames, 'schema'>,
): readonly FileDescriptor[] {
  const isOfficial = ({ name, extension }: Part) => official.has(name) || extension.some((field) => extensions.has(extensionKey(field)));
  const parts = files.flatMap(partsOf).filter((part) => !isOfficial(part));
  const byName = new Map(parts.map((part) => [part.name, part]));
  const names = new Set([...official.keys(), ...parts.flatMap(namesIn)]);
  const needs = new Map(parts.map((part) => [part, needsOf(part, { byName, official, names })]));
  const groups = circles(parts, (part) => needs.get(part)?.parts ?? []);
  const groupOf = new Map(groups.flatMap((group) => group.map((part) => [part, group])));
  return groups.map((group) => {
    const own = group.flatMap((part) => needs.get(part) ?? []);
    const others = own.flatMap(({ parts }) => [...parts]).filter((part) => groupOf.get(part) !== group);
    const imports = [...own.flatMap(({ files }) => [...files]), ...others.map((part) => fileName(groupOf.get(part) ?? []))];
    return fileOf(group, [...new Set(imports)]);
  });
}

function partsOf(from: FileDescriptor): readonly Part[] {
  const none = { messageType: [], enumType: [], service: [], extension: [] };
  const part = (element: { readonly name?: string }, more: Partial<Part>): Part => ({
    ...{ name: qualified(from.package, element.name ?? ''), from },
    ...none,
    ...more,
  });
  return [
    ...from.messageType.map((element) => part(element, { messageType: [element] })),
    ...from.enumType.map((element) => part(element, { enumType: [element] })),
    ...from.service.map((element) => part(element, { service: [element] })),
    ...from.extension.map((element) => part(element, { extension: [element] })),
  ];
}

function fileName(group: readonly Part[]): string {
  return `${group[0]?.name.replaceAll('.', '/') ?? ''}.proto`;
}

function fileOf(group: readonly Part[], dependency: string[]): FileDescriptor {
  const { package: inPackage, syntax, edition, options } = group[0]?.from ?? {};
  return {
    name: fileName(group),
    ...(inPackage === undefined ? {} : { package: inPackage }),
    dependency,
    ...{ publicDependency: [], weakDependency: [], optionDependency: [] },
    messageType: group.flatMap(({ messageType }) => messageType),
    enumType: group.flatMap(({ enumType }) => enumType),
    service: group.flatMap(({ service }) => service),
    extension: group.flatMap(({ extension }) => extension),
    ...(options === undefined ? {} : { options }),
    ...(syntax === undefined ? {} : { syntax }),
    ...(edition === undefined ? {} : { edition }),
  };
}

/** Full names of the types of a part. */
function namesIn({ name, messageType, enumType }: Part): readonly string[] {
  return [...enumType.map(() => name), ...messageType.flatMap((message) => typesIn(message, name))];
}

function typesIn({ nestedType, enumType }: MessageDescriptor, name: string): readonly string[] {
  return [
    name,
    ...enumType.map((inner) => qualified(name, inner.name ?? '')),
    ...nestedType.flatMap((inner) => typesIn(inner, qualified(name, inner.name ?? ''))),
  ];
}

interface Known {
  readonly byName: ReadonlyMap<string, Part>;
  readonly official: ReadonlyMap<string, string>;
  readonly names: ReadonlySet<string>;
}

/** Finds what a part refers to, and writes each reference in full. */
function needsOf(part: Part, known: Known): Needs {
  const parts = new Set<Part>();
  const files = new Set<string>();
  const full = (reference: string, scope: string): string => {
    const name = resolve(reference, scope, known.names);
    const owner = ownerOf(name, known);
    if (typeof owner === 'string') files.add(owner);
    else if (owner !== undefined && owner !== part) parts.add(owner);
    return `.${name}`;
  };
  for (const field of part.extension) writeFull(field, part.from.package ?? '', full);
  for (const message of part.messageType) writeFullWithin(message, part.name, full);
  for (const method of part.service.flatMap(({ method }) => method)) {
    method.inputType = full(method.inputType ?? '', part.name);
    method.outputType = full(method.outputType ?? '', part.name);
  }
  return { parts, files };
}

type Full = (reference: string, scope: string) => string;

function writeFullWithin({ field, extension, nestedType }: MessageDescriptor, name: string, full: Full): void {
  for (const each of [...field, ...extension]) writeFull(each, name, full);
  for (const inner of nestedType) writeFullWithin(inner, qualified(name, inner.name ?? ''), full);
}

function writeFull(field: FieldDescriptor, scope: string, full: Full): void {
  if (field.typeName !== undefined && field.typeName !== '') field.typeName = full(field.typeName, scope);
  if (field.extendee !== undefined && field.extendee !== '') field.extendee = full(field.extendee, scope);
}

/** A type's full name without the leading dot, from the innermost scope that has it. */
function resolve(reference: string, scope: string, names: ReadonlySet<string>): string {
  if (reference.startsWith('.')) return reference.slice(1);
  for (let within = scope; ; within = within.slice(0, Math.max(within.lastIndexOf('.'), 0))) {
    const name = qualified(within, reference);
    if (names.has(name) || within === '') return name;
  }
}

/** The part or official file with a type, which may be nested. */
function ownerOf(name: string, { byName, official }: Known): Part | string | undefined {
  for (let outer = name; outer !== ''; outer = outer.slice(0, Math.max(outer.lastIndexOf('.'), 0))) {
    const owner = byName.get(outer) ?? official.get(outer);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

/** Groups of items that lead to each other in circles, in an order in which each follows those that it leads to (Tarjan 1972). */
function circles<T>(items: readonly T[], next: (item: T) => Iterable<T>): readonly (readonly T[])[] {
  const groups: T[][] = [];
  const stack: T[] = [];
  const low = new Map<T, number>();
  const done = new Set<T>();
  const visit = (item: T): number => {
    const index = low.size;
    let lowest = index;
    low.set(item, index);
    stack.push(item);
    for (const other of next(item)) if (!done.has(other)) lowest = Math.min(lowest, low.get(other) ?? visit(other));
    low.set(item, lowest);
    if (lowest === index) {
      const group = stack.splice(stack.indexOf(item));
      for (const member of group) done.add(member);
      groups.push(group);
    }
    return lowest;
  };
  for (const item of items) if (!done.has(item)) visit(item);
  return groups;
}
