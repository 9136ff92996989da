import type { FieldDescriptor, FileDescriptor, MessageDescriptor } from '../../../proto/descriptor/descriptor.js';
import { readFileDescriptor, readFileWithoutSource } from '../../../proto/descriptor/read.js';
import { writeFileDescriptor } from '../../../proto/descriptor/write.js';

/** Files by import name, serialized. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Packages of official files, under whatever name a server has them. */
const OFFICIAL_PACKAGES = new Set(['google.api', 'google.longrunning', 'google.protobuf', 'google.rpc', 'google.type']);

/** Official files have the names that everybody imports them by. */
export const OFFICIAL_NAME = /^google\/(api|longrunning|protobuf|rpc|type)\/[^/]+\.proto$/;

/**
 * Adds the imports that files lack. Servers on grpc-js and proto-loader make one file of each package, without imports:
 *
 *     shop_v1.proto       package shop.v1; message Item { google.protobuf.Timestamp made = 1; }
 *     google_protobuf.proto   package google.protobuf; message Timestamp ...
 *
 * There the official files take the place of `google_protobuf.proto` and its like, which leave things out; `official` are those. Files that import
 * what they name stay as they are.
 */
export async function completeImports(files: Files, official: () => Promise<readonly Uint8Array[]>): Promise<Files> {
  const read = new Map([...files].map(([name, bytes]) => [name, readFileWithoutSource(bytes)]));
  const declared = declarations(read.values());
  if ([...read.values()].every((file) => isComplete(file, read, declared))) return files;
  for (const [name, file] of read) if (OFFICIAL_PACKAGES.has(file.package ?? '') && !OFFICIAL_NAME.test(name)) read.delete(name);
  const homes = declarations([...(await official()).map(readFileWithoutSource), ...read.values()]);
  const completed = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    const file = read.get(name);
    if (file !== undefined) completed.set(name, withImports(bytes, lacking(file, read, homes)));
  }
  return completed;
}

/** A type that is nowhere may be in an import that is not here. */
function isComplete(file: FileDescriptor, files: ReadonlyMap<string, FileDescriptor>, homes: Homes): boolean {
  if (lacking(file, files, homes).size > 0) return false;
  return file.dependency.length > 0 || referencesOf(file).every((reference) => homeOf(reference, homes) !== undefined);
}

function withImports(bytes: Uint8Array, imports: ReadonlySet<string>): Uint8Array {
  if (imports.size === 0) return bytes;
  const file = readFileDescriptor(bytes);
  return writeFileDescriptor({ ...file, dependency: [...file.dependency, ...[...imports].sort()] });
}

/** The files that declare what a file names and that it does not import. */
function lacking(file: FileDescriptor, files: ReadonlyMap<string, FileDescriptor>, homes: Homes): ReadonlySet<string> {
  const visible = visibleFrom(file, files);
  const needed = referencesOf(file).map((reference) => homeOf(reference, homes));
  return new Set(needed.filter((home) => home !== undefined && !visible.has(home)).map(String));
}

/** A file, its imports, and what they import publicly. */
function visibleFrom({ name = '', dependency }: FileDescriptor, files: ReadonlyMap<string, FileDescriptor>): ReadonlySet<string> {
  const visible = new Set(dependency);
  for (const imported of visible) {
    const file = files.get(imported);
    for (const i of file?.publicDependency ?? []) visible.add(file?.dependency[i] ?? '');
  }
  return visible.add(name);
}

/** Absolute name of every type -> import name of its file; of two the later file. */
type Homes = ReadonlyMap<string, string>;

function declarations(files: Iterable<FileDescriptor>): Homes {
  const homes = new Map<string, string>();
  for (const { name = '', package: scope = '', messageType, enumType } of files) {
    const add = (parent: string, messages: readonly MessageDescriptor[], enums: FileDescriptor['enumType']) => {
      for (const type of enums) homes.set(`${parent}.${type.name}`, name);
      for (const message of messages) {
        const full = `${parent}.${message.name}`;
        homes.set(full, name);
        add(full, message.nestedType, message.enumType);
      }
    };
    add(scope === '' ? '' : `.${scope}`, messageType, enumType);
  }
  return homes;
}

/** A type name as it is written, and the absolute name of what it is written in. */
interface Reference {
  readonly name: string;
  readonly scope: string;
}

/** The innermost scope that has the name counts. */
function homeOf({ name, scope }: Reference, homes: Homes): string | undefined {
  if (name.startsWith('.')) return homes.get(name);
  for (let outer = scope; ; outer = outer.slice(0, outer.lastIndexOf('.'))) {
    const home = homes.get(`${outer}.${name}`);
    if (home !== undefined || outer === '') return home;
  }
}

/** What fields, extensions and methods of a file refer to. */
function referencesOf({ package: scope = '', messageType, extension, service }: FileDescriptor): readonly Reference[] {
  const found: Reference[] = [];
  const add = (scope: string, ...names: readonly (string | undefined)[]) => {
    for (const name of names) if (name !== undefined) found.push({ name, scope });
  };
  const addFields = (scope: string, fields: readonly FieldDescriptor[]) => {
    for (const { typeName, extendee } of fields) add(scope, typeName, extendee);
  };
  const addMessages = (scope: string, messages: readonly MessageDescriptor[]) => {
    for (const message of messages) {
      const inner = `${scope}.${message.name}`;
      addFields(inner, [...message.field, ...message.extension]);
      addMessages(inner, message.nestedType);
    }
  };
  const root = scope === '' ? '' : `.${scope}`;
  addFields(root, extension);
  addMessages(root, messageType);
  for (const { inputType, outputType } of service.flatMap(({ method }) => method)) add(root, inputType, outputType);
  return found;
}
