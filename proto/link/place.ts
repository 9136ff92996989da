import type { SourceLocation } from '../descriptor/descriptor.js';
import { readSourceCodeInfo } from '../descriptor/read.js';
import type { Problem } from '../problem.js';
import type { Location } from '../schema.js';

/** The source info of one file, read when somebody first asks for a comment or a position. */
export class SourceText {
  #locations: ReadonlyMap<string, SourceLocation> | undefined;

  /**
   * @param origin of its source
   * @param bytes the serialized FileDescriptorProto
   */
  constructor(
    readonly file: string,
    readonly origin: string,
    readonly bytes: Uint8Array,
  ) {}

  /** @param path as in SourceCodeInfo.Location.path, joined by commas */
  locate(path: string): SourceLocation | undefined {
    this.#locations ??= readLocations(this.bytes);
    return this.#locations.get(path);
  }
}

function readLocations(bytes: Uint8Array): ReadonlyMap<string, SourceLocation> {
  const locations = new Map<string, SourceLocation>();
  try {
    for (const location of readSourceCodeInfo(bytes)?.location ?? []) {
      const path = location.path.join(',');
      if (!locations.has(path)) locations.set(path, location);
    }
  } catch {
    // Broken source info costs comments and line numbers, not the schema.
  }
  return locations;
}

/** Where an element stands in its file, for its comment and position. */
export class Place {
  /**
   * @param list field number of the list in the enclosing descriptor: 4 = FileDescriptorProto.message_type
   * @param index position in that list
   */
  constructor(
    readonly text: SourceText,
    readonly parent: Place | undefined,
    readonly list: number,
    readonly index: number,
  ) {}

  get path(): string {
    const own = `${this.list},${this.index}`;
    return this.parent === undefined ? own : `${this.parent.path},${own}`;
  }

  /** Leading, else trailing comment. */
  get comment(): string {
    const location = this.text.locate(this.path);
    return trimComment(location?.leadingComments ?? '') || trimComment(location?.trailingComments ?? '');
  }

  get location(): Location | undefined {
    const span = this.text.locate(this.path)?.span;
    if (span === undefined) return undefined;
    return { file: this.text.file, line: (span[0] ?? 0) + 1, column: (span[1] ?? 0) + 1 };
  }

  /** An error about the element here. */
  problem(subject: string, reason: string): Problem {
    return { severity: 'error', ...(this.location ?? { file: this.text.file }), subject, reason };
  }

  /** `file:line`, or the file alone, for sentences. */
  toString(): string {
    const location = this.location;
    return location === undefined ? this.text.file : `${location.file}:${location.line}`;
  }
}

/** A comment begins with a star only where it was opened by two. */
function trimComment(text: string): string {
  return text
    .replace(/^\*/, '')
    .split('\n')
    .map((line) => line.replace(/^ /, '').trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
}
