import type { FileDescriptor } from '../descriptor/descriptor.js';
import { writeFileDescriptor } from '../descriptor/write.js';
import type { Problem, Result } from '../problem.js';
import { checkAll } from './check/all.js';
import { Checker } from './check/checker.js';
import { listElements } from './element.js';
import { Interpreter } from './interpret.js';
import { LoadedFile } from './loaded-file.js';
import { type OptionPaths, placeOptions } from './option-paths.js';
import { type ParsedFile, parseFile } from './parse-file.js';
import { resolveReferences } from './resolve.js';
import { Symbols } from './symbols.js';

/** Text of a `.proto` file under the name that imports it: `bookstore/v1/books.proto`. */
export interface ProtoText {
  readonly name: string;
  readonly text: string;
}

/** Where imports come from. */
export interface Imports {
  /** Text of the file with that import name; undefined if there is none. descriptor.proto must be found, it says what options mean. */
  read(name: string): string | undefined;
  /** What to say of an import that `read` does not find: where it looks, what to do. */
  missing(name: string): string;
}

/** A file in the form that protoc writes with `--include_source_info`. */
export interface CompiledFile {
  readonly name: string;
  /** Serialized FileDescriptorProto. */
  readonly bytes: Uint8Array;
}

/**
 * Compiles files, and all that they import, to descriptors. The result has every file once, imported ones before those that import them.
 * Refuses what protoc refuses. Limits: messages nested 31 deep (as protoc), option values 100 deep.
 */
export function compileProtos(entries: readonly ProtoText[], imports: Imports): Result<readonly CompiledFile[]> {
  const compiler = new Compiler(entries, imports);
  return compiler.run(entries);
}

const DESCRIPTOR_PROTO = 'google/protobuf/descriptor.proto';

/** A file whose imports are being compiled. */
interface Pending {
  readonly parsed: ParsedFile;
  /** Of {@link importsOf}. */
  next: number;
}

class Compiler {
  readonly #symbols = new Symbols();
  /** Finished ones; undefined: not found, or with problems. */
  readonly #files = new Map<string, LoadedFile | undefined>();
  readonly #compiled = new Map<string, CompiledFile>();
  readonly #problems: Problem[] = [];
  readonly #texts: ReadonlyMap<string, string>;
  readonly #imports: Imports;

  constructor(entries: readonly ProtoText[], imports: Imports) {
    this.#texts = new Map(entries.map(({ name, text }) => [name, text]));
    this.#imports = imports;
  }

  run(entries: readonly ProtoText[]): Result<readonly CompiledFile[]> {
    this.#load(DESCRIPTOR_PROTO);
    if (this.#files.get(DESCRIPTOR_PROTO) === undefined && this.#problems.length === 0) {
      this.#problems.push({
        severity: 'error',
        subject: DESCRIPTOR_PROTO,
        reason: 'is needed for the meaning of options, and is not found',
      });
    }
    const own = [...this.#compiled];
    this.#compiled.clear();
    for (const { name } of entries) this.#load(name);
    const wanted = this.#wanted(entries);
    const files = [...own.filter(([name]) => wanted.has(name)), ...this.#compiled].map(([, file]) => file);
    if (this.#problems.length > 0) return { ok: false, problems: this.#problems };
    return { ok: true, value: files, warnings: [] };
  }

  /** Names of the entries and of all that they import. */
  #wanted(entries: readonly ProtoText[]): ReadonlySet<string> {
    const wanted = new Set(entries.map(({ name }) => name));
    for (const name of wanted) for (const each of importsOf(this.#files.get(name)?.descriptor)) wanted.add(each);
    return wanted;
  }

  /** Compiles a file after its imports; a stack of our own, since chains of imports have no limit. */
  #load(name: string): void {
    const stack: Pending[] = [];
    this.#start(name, stack);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = importsOf(top.parsed.descriptor)[top.next];
      top.next += 1;
      if (next === undefined) {
        stack.pop();
        this.#finish(top.parsed);
      } else if (!this.#files.has(next)) {
        this.#startImport(next, top.parsed, stack);
      }
    }
  }

  #startImport(name: string, from: ParsedFile, stack: Pending[]): void {
    const cycle = stack.findIndex(({ parsed }) => parsed.name === name);
    if (cycle >= 0) {
      const names = [...stack.slice(cycle).map(({ parsed }) => parsed.name), name];
      this.#problems.push(importProblem(from, name, `files import each other: ${names.join(' -> ')}`));
    } else if (!this.#start(name, stack)) {
      this.#problems.push(importProblem(from, name, this.#imports.missing(name)));
    }
  }

  #start(name: string, stack: Pending[]): boolean {
    if (this.#files.has(name)) return true;
    const text = this.#texts.get(name) ?? (isImportName(name) ? this.#imports.read(name) : undefined);
    if (text === undefined) {
      this.#files.set(name, undefined);
      return false;
    }
    stack.push({ parsed: parseFile(name, text), next: 0 });
    return true;
  }

  #finish(parsed: ParsedFile): void {
    const { descriptor } = parsed;
    const imported = (names: readonly string[]) => names.map((name) => this.#files.get(name));
    const imports = imported(descriptor.dependency);
    const optionImports = imported(descriptor.optionDependency);
    const file = new LoadedFile(parsed, imports, optionImports);
    const isComplete = [...imports, ...optionImports].every((each) => each !== undefined);
    const paths: OptionPaths = { placed: new Map(), dropped: new Set() };
    if (isComplete && file.problems.length === 0) this.#link(file, paths);
    this.#problems.push(...file.problems);
    this.#files.set(file.name, isComplete && file.problems.length === 0 ? file : undefined);
    if (file.problems.length > 0 || !isComplete) return;
    descriptor.sourceCodeInfo = { location: placeOptions(parsed.locations, paths) };
    this.#compiled.set(file.name, { name: file.name, bytes: writeFileDescriptor(descriptor) });
    delete descriptor.sourceCodeInfo;
    file.release();
  }

  #link(file: LoadedFile, paths: OptionPaths): void {
    file.elements = listElements(file);
    this.#symbols.declare(file);
    resolveReferences(file, this.#symbols);
    if (file.problems.length > 0) return;
    const options = new Interpreter(file, this.#symbols, paths).run();
    if (file.problems.length === 0) checkAll(new Checker(file, this.#symbols, options));
  }
}

/** Import names are relative and plain, so that a file has one name and none leads out of the folders for imports. */
function isImportName(name: string): boolean {
  return !name.includes('\\') && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function importsOf(descriptor: FileDescriptor | undefined): string[] {
  return descriptor === undefined ? [] : [...descriptor.dependency, ...descriptor.optionDependency];
}

/** A problem at an import statement. */
function importProblem({ name, descriptor, locations }: ParsedFile, subject: string, reason: string): Problem {
  const index = descriptor.dependency.indexOf(subject);
  const path = index >= 0 ? [3, index] : [15, descriptor.optionDependency.indexOf(subject)];
  const span = locations.find((each) => each.path.length === 2 && each.path[0] === path[0] && each.path[1] === path[1])?.span ?? [];
  return { severity: 'error', file: name, line: (span[0] ?? 0) + 1, column: (span[1] ?? 0) + 1, subject, reason };
}
