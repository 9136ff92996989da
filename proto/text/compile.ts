import type { FileDescriptor } from '../descriptor/descriptor.js';
import { writeFileDescriptor } from '../descriptor/write.js';
import type { Problem, Result } from '../problem.js';
import { AbsentImports } from './absent-imports.js';
import { checkAll } from './check/all.js';
import { Checker } from './check/checker.js';
import { Interpreter } from './interpret.js';
import { listElements } from './list-elements.js';
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
  /** The name by which a file goes here that an import names otherwise. Default: the same. */
  nameOf?(name: string): string;
  /** What to say of two files that define the same: how they may have come to be one file under two names. Default: nothing. */
  twice?(name: string, other: string): string;
  /** Whether an option (`validate.rules`) may be left out where an import is not found that may define it. Default: every import must be found. */
  isDispensable?(option: string): boolean;
}

/** A file in the form that protoc writes with `--include_source_info`. */
export interface CompiledFile {
  readonly name: string;
  /** Serialized FileDescriptorProto. */
  readonly bytes: Uint8Array;
  readonly hasServices: boolean;
  /** An import that is not found and that only options need: an empty file in its place. */
  readonly isAbsent: boolean;
}

/**
 * Compiles files, and all that they import, to descriptors. The result has every file once, imported ones before those that import them.
 * Refuses what protoc refuses, but for imports that are not found and that only dispensable options need: those are left out, with a warning.
 * Limits: messages nested 31 deep (as protoc), option values 100 deep.
 */
export function compileProtos(entries: readonly ProtoText[], imports: Imports): Result<readonly CompiledFile[]> {
  const compiler = new Compiler(entries, imports);
  for (const { name } of entries) compiler.load(name);
  const { compiled } = compiler;
  const { errors, warnings } = compiler.judge();
  return errors.length > 0 ? { ok: false, problems: [...errors, ...warnings] } : { ok: true, value: compiled, warnings };
}

const DESCRIPTOR_PROTO = 'google/protobuf/descriptor.proto';

/** A file whose imports are being compiled. */
interface Pending {
  readonly parsed: ParsedFile;
  /** Index of the next one in {@link importsOf}. */
  next: number;
}

class Compiler {
  readonly compiled: CompiledFile[] = [];
  readonly #problems: Problem[] = [];
  readonly #absent = new AbsentImports();
  readonly #symbols: Symbols;
  /** descriptor.proto for itself, since options need it in files that do not import it. */
  readonly #standard = new Symbols();
  /** Finished ones; undefined: not found, or with problems. */
  readonly #files = new Map<string, LoadedFile | undefined>();
  readonly #texts: ReadonlyMap<string, string>;
  readonly #imports: Imports;

  constructor(entries: readonly ProtoText[], imports: Imports) {
    this.#texts = new Map(entries.map(({ name, text }) => [name, text]));
    this.#imports = imports;
    this.#symbols = new Symbols((name, other) => imports.twice?.(name, other) ?? '');
    this.#loadStandard();
  }

  /** Compiles a file after its imports; a stack of our own, since chains of imports have no limit. */
  load(name: string): void {
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

  judge(): { readonly errors: readonly Problem[]; readonly warnings: readonly Problem[] } {
    const { needed, spared } = this.#absent.judge();
    return { errors: [...this.#problems, ...needed], warnings: spared };
  }

  #loadStandard(): void {
    const text = this.#read(DESCRIPTOR_PROTO);
    if (text === undefined) {
      const reason = 'is needed for the meaning of options, and is not found';
      this.#problems.push({ severity: 'error', subject: DESCRIPTOR_PROTO, reason });
      return;
    }
    const parsed = parseFile(DESCRIPTOR_PROTO, text);
    const file = new LoadedFile(parsed, this.#standard, [], []);
    if (file.problems.length === 0) this.#link(file, noPaths());
    this.#problems.push(...file.problems);
  }

  #read(name: string): string | undefined {
    return this.#texts.get(name) ?? (isImportName(name) ? this.#imports.read(name) : undefined);
  }

  #startImport(name: string, from: ParsedFile, stack: Pending[]): void {
    const cycle = stack.findIndex(({ parsed }) => parsed.name === name);
    if (cycle >= 0) {
      const names = [...stack.slice(cycle).map(({ parsed }) => parsed.name), name];
      this.#problems.push(importProblem(from, name, `files import each other: ${names.join(' -> ')}`));
    } else if (!this.#start(name, stack)) {
      const problem = importProblem(from, name, this.#imports.missing(name));
      if (isImportName(name) && this.#imports.isDispensable !== undefined) this.#files.set(name, this.#standIn(name, problem));
      else this.#problems.push(problem);
    }
  }

  #start(name: string, stack: Pending[]): boolean {
    if (this.#files.has(name)) return true;
    const text = this.#read(name);
    if (text === undefined) {
      this.#files.set(name, undefined);
      return false;
    }
    const parsed = parseFile(name, text);
    const { descriptor } = parsed;
    const nameOf = (each: string) => (isImportName(each) ? this.#imports.nameOf?.(each) : undefined) ?? each;
    descriptor.dependency = descriptor.dependency.map(nameOf);
    descriptor.optionDependency = descriptor.optionDependency.map(nameOf);
    stack.push({ parsed, next: 0 });
    return true;
  }

  /** An empty file for an import that is not found, which may be one that nobody needs. */
  #standIn(name: string, problem: Problem): LoadedFile {
    const parsed = parseFile(name, 'syntax = "proto3";');
    this.#absent.add(name, problem);
    this.compiled.push({ name, bytes: writeFileDescriptor(parsed.descriptor), hasServices: false, isAbsent: true });
    return new LoadedFile(parsed, this.#symbols, [], [], { isAbsent: true });
  }

  #finish(parsed: ParsedFile): void {
    const { descriptor } = parsed;
    const imported = (names: readonly string[]) => names.map((name) => this.#files.get(name));
    const imports = imported(descriptor.dependency);
    const optionImports = imported(descriptor.optionDependency);
    const file = new LoadedFile(parsed, this.#symbols, imports, optionImports);
    const isComplete = [...imports, ...optionImports].every((each) => each !== undefined);
    const paths = noPaths();
    if (isComplete && file.problems.length === 0) this.#link(file, paths);
    // What it needs of its imports is not known.
    else file.lacksNames = true;
    this.#problems.push(...file.problems);
    this.#absent.tell(file);
    const isGood = file.problems.length === 0 && !file.lacksNames;
    this.#files.set(file.name, isGood ? file : undefined);
    if (isGood) {
      const location = placeOptions(parsed.locations, paths);
      const bytes = writeFileDescriptor({ ...descriptor, sourceCodeInfo: { location } });
      this.compiled.push({ name: file.name, bytes, hasServices: descriptor.service.length > 0, isAbsent: false });
    }
    file.release();
  }

  #link(file: LoadedFile, paths: OptionPaths): void {
    file.elements = listElements(file);
    // What such names refer to is anyone's guess.
    if (!file.symbols.declare(file, file.elements)) return;
    resolveReferences(file);
    if (file.problems.length > 0 || file.lacksNames) return;
    const isDispensable = (option: string) => this.#imports.isDispensable?.(option) ?? false;
    const options = new Interpreter(file, this.#standard, paths, isDispensable).run();
    if (file.problems.length === 0) checkAll(new Checker(file, options));
  }
}

function noPaths(): OptionPaths {
  return { placed: new Map(), dropped: new Set() };
}

/** Import names are relative and plain, so that a file has one name and none leads out of the folders for imports. */
function isImportName(name: string): boolean {
  return !name.includes('\\') && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function importsOf({ dependency, optionDependency }: FileDescriptor): string[] {
  return [...dependency, ...optionDependency];
}

/** A problem at an import statement. */
function importProblem({ name, descriptor, locations }: ParsedFile, subject: string, reason: string): Problem {
  const index = descriptor.dependency.indexOf(subject);
  const path = index >= 0 ? [3, index] : [15, descriptor.optionDependency.indexOf(subject)];
  const span = locations.find((each) => each.path.length === 2 && each.path[0] === path[0] && each.path[1] === path[1])?.span ?? [];
  return { severity: 'error', file: name, line: (span[0] ?? 0) + 1, column: (span[1] ?? 0) + 1, subject, reason };
}
