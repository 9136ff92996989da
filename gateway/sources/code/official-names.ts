import type { FieldDescriptor, FileDescriptor } from '../../../proto/descriptor/descriptor.js';
import { readFileWithoutSource } from '../../../proto/descriptor/read.js';
import { link } from '../../../proto/link.js';
import type { Schema } from '../../../proto/schema.js';
import { loadOfficial } from '../official.js';

/** What the official protos define. */
export interface OfficialNames {
  /** The file that defines a top-level element, by its full name. */
  readonly files: ReadonlyMap<string, string>;
  /** Its extensions, as {@link extensionKey} has them: libraries give them names of their own. */
  readonly extensions: ReadonlySet<string>;
  /** For options, which they define, too. */
  readonly schema: Schema;
}

let names: Promise<OfficialNames> | undefined;

/** Reads the official protos once a process. */
export function officialNames(): Promise<OfficialNames> {
  names ??= readNames();
  return names;
}

async function readNames(): Promise<OfficialNames> {
  const official = await loadOfficial();
  const schema = official.ok ? link([official.value]) : official;
  if (!official.ok || !schema.ok) throw new Error('the official protos do not compile');
  const files = official.value.files.map(readFileWithoutSource);
  return {
    files: new Map(files.flatMap((file) => elementsOf(file).map((name) => [name, file.name ?? '']))),
    extensions: new Set(files.flatMap(({ extension }) => extension.map(extensionKey))),
    schema: schema.value,
  };
}

/** What an extension extends, by which number. */
export function extensionKey({ extendee = '', number = 0 }: FieldDescriptor): string {
  return `${extendee.replace(/^\./, '')} ${number}`;
}

function elementsOf(file: FileDescriptor): readonly string[] {
  const { messageType, enumType, service, extension } = file;
  return [...messageType, ...enumType, ...service, ...extension].map(({ name = '' }) => qualified(file.package, name));
}

/** A name in a package, which may be none. */
export function qualified(scope: string | undefined, name: string): string {
  return scope === undefined || scope === '' ? name : `${scope}.${name}`;
}
