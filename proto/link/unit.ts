import type { FileDescriptor } from '../descriptor/descriptor.js';
import type { Problem } from '../problem.js';
import { WireFormatError } from '../wire/reader.js';
import { editionOf, type Features, fileFeatures } from './features.js';
import type { LoadedFile } from './loaded-file.js';
import { SourceText } from './place.js';

/** A file on its way into the schema, with its imports. */
export interface Unit {
  readonly name: string;
  readonly origin: string;
  readonly bytes: Uint8Array;
  readonly descriptor: FileDescriptor;
  readonly text: SourceText;
  readonly features: Features;
  /** From a fallback source and imported by nobody: left out rather than reported if something is wrong with it. */
  readonly optional: boolean;
  /** Of its services only those that a source offers are there. */
  readonly offered: boolean;
  readonly imports: readonly Unit[];
  /** Imports that no source has. */
  readonly missing: readonly string[];
}

/** Files in an order in which every one follows its imports, and otherwise by name. Cyclic imports and unknown editions become problems. */
export function orderFiles(files: ReadonlyMap<string, LoadedFile>, problems: Problem[]): readonly Unit[] {
  const required = requiredFiles(files);
  const units = new Map<string, Unit>();
  for (const name of inOrder(files, problems)) {
    const file = files.get(name);
    if (file === undefined) continue;
    const unit = createUnit(file, !required.has(name), units, problems);
    if (unit !== undefined) units.set(name, unit);
  }
  return [...units.values()];
}

/** What the sources that are not fallbacks bring, and all that it imports. */
function requiredFiles(files: ReadonlyMap<string, LoadedFile>): ReadonlySet<string> {
  const required = new Set([...files.values()].filter((file) => !file.fallback).map((file) => file.name));
  for (const name of required) {
    for (const imported of files.get(name)?.descriptor.dependency ?? []) if (files.has(imported)) required.add(imported);
  }
  return required;
}

/** Depth first with a stack of its own: an import chain may be longer than the call stack. */
function inOrder(files: ReadonlyMap<string, LoadedFile>, problems: Problem[]): ReadonlySet<string> {
  const done = new Set<string>();
  for (const root of [...files.keys()].sort()) {
    const stack = [{ name: root, next: 0 }];
    const open = new Set([root]);
    while (!done.has(root)) {
      const top = stack.at(-1);
      if (top === undefined) break;
      const imported = files.get(top.name)?.descriptor.dependency[top.next++];
      if (imported === undefined) {
        done.add(top.name);
        open.delete(top.name);
        stack.pop();
      } else if (open.has(imported)) {
        const cycle = [...stack.slice(stack.findIndex((entry) => entry.name === imported)).map((entry) => entry.name), imported];
        problems.push({ severity: 'error', file: top.name, subject: top.name, reason: `imports itself: ${cycle.join(' -> ')}` });
      } else if (files.has(imported) && !done.has(imported)) {
        stack.push({ name: imported, next: 0 });
        open.add(imported);
      }
    }
  }
  return done;
}

function createUnit(file: LoadedFile, optional: boolean, units: ReadonlyMap<string, Unit>, problems: Problem[]): Unit | undefined {
  const { name, origin, bytes, descriptor, offered } = file;
  const features = featuresOf(descriptor);
  if (typeof features === 'string') {
    if (!optional) problems.push({ severity: 'error', file: name, subject: name, reason: features });
    return undefined;
  }
  const text = new SourceText(name, origin, bytes);
  const imports = descriptor.dependency.map((imported) => units.get(imported));
  return {
    ...{ name, origin, bytes, descriptor, text, features, optional, offered },
    imports: imports.filter((unit) => unit !== undefined),
    missing: descriptor.dependency.filter((_, i) => imports[i] === undefined),
  };
}

/** Features of a file, or why there are none. */
function featuresOf(descriptor: FileDescriptor): Features | string {
  const edition = editionOf(descriptor);
  if (edition === undefined) {
    const what = descriptor.syntax === 'editions' ? `edition ${descriptor.edition ?? 0}` : `syntax "${descriptor.syntax}"`;
    return `${what} is not known; known are proto2, proto3, 2023, 2024 and 2026`;
  }
  try {
    return fileFeatures(descriptor, edition);
  } catch (error) {
    if (error instanceof WireFormatError) return `has broken options: ${error.message}`;
    throw error;
  }
}

/** Whether a file may name the types of another. */
export function isVisible(text: SourceText, from: Unit): boolean {
  if (text === from.text || from.imports.some((unit) => unit.text === text)) return true;
  return [...visibleUnits(from)].some((unit) => unit.text === text);
}

/**
 * A file, its imports, and what they import publicly. Searched for each time, since few types come by a public import, and the sets for long
 * chains of them would be as large as the square of their length.
 */
export function visibleUnits(from: Unit): ReadonlySet<Unit> {
  const seen = new Set(from.imports);
  for (const { descriptor, imports } of seen) {
    if (descriptor.publicDependency.length === 0) continue;
    const names = new Set(descriptor.publicDependency.map((i) => descriptor.dependency[i]));
    for (const unit of imports) if (names.has(unit.name)) seen.add(unit);
  }
  return seen.add(from);
}
