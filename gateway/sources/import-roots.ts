import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Problem } from '../../proto/problem.js';
import type { Imports, ProtoText } from '../../proto/text/compile.js';
import { knownCopy, knownEnd, knownProto } from './known-protos.js';
import { readProtoText } from './proto-text.js';
import { folderFor, Twins } from './twins.js';

/** Import name of `path` below `root`; undefined if it is not below. */
export function nameBelow(root: string, path: string): string | undefined {
  const name = relative(resolve(root), resolve(path));
  if (name === '' || name === '..' || name.startsWith(`..${sep}`) || isAbsolute(name)) return undefined;
  return name.split(sep).join('/');
}

/** A file that was named, or found by an import. */
export interface ProtoFile extends ProtoText {
  readonly path: string;
  /** What the operator gave that it came from: the file itself or a folder. */
  readonly origin: string;
}

/** What makes two files of the same contents one: that they declare something. */
const declaration = /\b(?:message|enum|service|extend)\b/;

/**
 * Finds imports: in the operator's folders in their order, then among the built-in protos. A file has one import name: copies of built-in protos go
 * by the official one, and files of the same contents by that of the first.
 */
export class ImportRoots implements Imports {
  readonly #roots: readonly string[];
  readonly #problems: Problem[];
  readonly #named = new Map<string, ProtoFile>();
  readonly #namedByBase = new Map<string, ProtoFile[]>();
  readonly #found = new Map<string, ProtoFile | undefined>();
  /** Copies of built-in protos in places of their own, by official name. */
  readonly #copies = new Map<string, ProtoFile>();
  readonly #byText = new Map<string, ProtoFile>();
  readonly #names = new Map<string, string>();
  readonly #twins = new Twins();

  constructor(roots: readonly string[], problems: Problem[]) {
    this.#roots = roots;
    this.#problems = problems;
  }

  /** Takes files that are to be compiled, each of another name. Answers those that are no copies of others. */
  admit(files: readonly ProtoFile[]): ProtoFile[] {
    return files.filter((file) => {
      if (this.#nameOf(file) !== file.name) return false;
      this.#named.set(file.name, file);
      const base = basename(file.name);
      this.#namedByBase.set(base, [...(this.#namedByBase.get(base) ?? []), file]);
      return true;
    });
  }

  /** What was found out about import names, once everything is read. */
  warnings(): Problem[] {
    return this.#twins.warnings();
  }

  nameOf(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const file = this.#named.get(name) ?? this.#find(name);
    const found = file === undefined ? this.#elsewhere(name) : this.#nameOf(file);
    this.#names.set(name, found);
    return found;
  }

  read(name: string): string | undefined {
    return (this.#find(name) ?? this.#copies.get(name))?.text ?? this.#readKnown(name);
  }

  /** What the file with that import name came from; undefined for built-in ones. */
  originOf(name: string): string | undefined {
    return (this.#found.get(name) ?? this.#copies.get(name))?.origin;
  }

  /** What to do about an import that is nowhere. */
  missing(name: string): string {
    const searched = this.#roots.length === 0 ? 'no import path' : this.#roots.join(', ');
    const meant = this.#endingIn(name)[0]?.path ?? this.#above(name);
    const folder = meant === undefined ? undefined : folderFor(meant, name);
    const hint = folder === undefined ? 'add the folder it is relative to with -I' : `${meant} seems to be meant: add -I ${folder}`;
    return `this import is not found (searched: ${searched}, and the built-in protos); ${hint}`;
  }

  twice(name: string, other: string): string {
    const [long, short] = name.length > other.length ? [name, other] : [other, name];
    const path = this.#named.get(long)?.path ?? this.#found.get(long)?.path ?? long;
    if (long.endsWith(`/${short}`))
      return `they seem to be one file under two import names: add -I ${folderFor(path, short)}, so that it has one`;
    return basename(name) === basename(other) ? 'if they are two versions of one file, load only one of them' : '';
  }

  /** What Google's options say counts here, so that none of them is left out silently. */
  isDispensable(option: string): boolean {
    return !option.startsWith('google.');
  }

  #nameOf(file: ProtoFile): string {
    const { name, text } = file;
    const official = knownCopy(name, text);
    if (official !== undefined) {
      if (!this.#copies.has(official)) this.#copies.set(official, { ...file, name: official });
      return official;
    }
    const same = this.#byText.get(text);
    if (same !== undefined && same.name !== name) {
      this.#twins.add(name, same.path, folderFor(same.path, name) ?? folderFor(file.path, same.name));
      return same.name;
    }
    if (declaration.test(text)) this.#byText.set(text, file);
    return name;
  }

  /** The name of the file that must be meant by an import that is in no folder. */
  #elsewhere(name: string): string {
    if (this.#copies.has(name) || knownProto(name) !== undefined) return name;
    const official = knownEnd(name);
    if (official !== undefined) return official;
    const [meant, other] = this.#endingIn(name);
    if (meant === undefined || other !== undefined) return name;
    this.#twins.add(name, meant.path, folderFor(meant.path, name));
    return meant.name;
  }

  /** Named files whose path ends in an import name. */
  #endingIn(name: string): ProtoFile[] {
    return (this.#namedByBase.get(basename(name)) ?? []).filter(({ path }) => folderFor(path, name) !== undefined);
  }

  /** A file below one of the folders that the roots are in. */
  #above(name: string): string | undefined {
    for (const root of this.#roots) {
      for (let path = join(root, '..'); ; path = join(path, '..')) {
        if (isFile(join(path, name))) return join(path, name);
        if (resolve(path) === dirname(resolve(path))) break;
      }
    }
    return undefined;
  }

  #find(name: string): ProtoFile | undefined {
    if (!this.#found.has(name)) this.#found.set(name, this.#search(name));
    return this.#found.get(name);
  }

  #search(name: string): ProtoFile | undefined {
    const root = this.#roots.find((each) => isFile(join(each, name)));
    if (root === undefined) return undefined;
    const path = join(root, name);
    const text = readProtoText(path, this.#problems);
    return text === undefined ? undefined : { name, text, path, origin: root };
  }

  #readKnown(name: string): string | undefined {
    const path = knownProto(name);
    return path === undefined ? undefined : readProtoText(path, this.#problems);
  }
}

function basename(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** True for folders and links to them. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
