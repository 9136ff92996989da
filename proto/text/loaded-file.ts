import type { ExtensionRange, FileDescriptor, SourceLocation } from '../descriptor/descriptor.js';
import type { Features } from '../link/features.js';
import type { Problem } from '../problem.js';
import type { Element, ElementFile } from './element.js';
import type { Position, RawOption } from './option.js';
import type { ParsedFile } from './parse-file.js';
import type { RangeDeclarations } from './range-declarations.js';
import type { Symbols } from './symbols.js';

/** More about one file helps nobody. */
const MAX_PROBLEMS = 50;

/** A file with all that it imports. */
export class LoadedFile implements ElementFile {
  readonly name: string;
  readonly descriptor: FileDescriptor;
  readonly edition: number;
  readonly symbols: Symbols;
  options: ReadonlyMap<object, readonly RawOption[]>;
  locations: readonly SourceLocation[];
  readonly visible: ReadonlySet<LoadedFile>;
  /** The same for the names of options: `import option` too. */
  readonly visibleToOptions: ReadonlySet<LoadedFile>;
  /** Its imports, those that come along included, that are not found and have an empty file in their place. */
  readonly absent: readonly string[];
  /** It names things that are nowhere, and that the absent imports may have. */
  lacksNames = false;
  /** Names of options that are left out, since the absent imports may define them. */
  readonly omitted = new Set<string>();
  /** Files that come along when this one is imported. */
  readonly publicImports: readonly LoadedFile[];
  /** Those it names itself, for their types. */
  readonly imports: readonly LoadedFile[];
  elements: readonly Element[] = [];
  isLite = false;
  rangeDeclarations: ReadonlyMap<ExtensionRange, RangeDeclarations> = new Map();
  visibility = 1n;
  features: Features | undefined;
  readonly problems: Problem[];
  /** It stands for an import that is not found. */
  readonly isAbsent: boolean;

  constructor(
    parsed: ParsedFile,
    symbols: Symbols,
    imports: readonly (LoadedFile | undefined)[],
    optionImports: readonly (LoadedFile | undefined)[],
    { isAbsent = false }: { readonly isAbsent?: boolean } = {},
  ) {
    this.isAbsent = isAbsent;
    this.symbols = symbols;
    this.name = parsed.name;
    this.descriptor = parsed.descriptor;
    this.edition = parsed.edition;
    this.options = parsed.options;
    this.locations = parsed.locations;
    this.problems = [...parsed.problems];
    this.imports = imports.filter((file) => file !== undefined);
    this.publicImports = parsed.descriptor.publicDependency.flatMap((index) => imports[index] ?? []);
    this.visible = new Set([this, ...imports.flatMap((file) => (file === undefined ? [] : withPublicImports(file)))]);
    this.visibleToOptions = new Set([
      ...this.visible,
      ...optionImports.flatMap((file) => (file === undefined ? [] : withPublicImports(file))),
    ]);
    this.absent = [...this.visibleToOptions].filter((file) => file.isAbsent).map(({ name }) => name);
  }

  get package(): string {
    return this.descriptor.package ?? '';
  }

  problem(path: readonly number[], subject: string, reason: string): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    const span = this.#span(path);
    const [line = 0, column = 0] = span ?? [];
    this.problemAt({ line: line + 1, column: column + 1 }, subject, reason);
  }

  problemAt(at: Position, subject: string, reason: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ severity: 'error', file: this.name, ...at, subject, reason });
  }

  /** Lets go of what only compiling the file itself needs. */
  release(): void {
    this.options = new Map();
    this.locations = [];
    this.elements = [];
  }

  #span(path: readonly number[]): readonly number[] | undefined {
    for (let length = path.length; length > 0; length--) {
      const found = this.locations.find(({ path: own }) => own.length === length && own.every((part, i) => part === path[i]));
      if (found !== undefined) return found.span;
    }
    return undefined;
  }
}

function withPublicImports(file: LoadedFile): LoadedFile[] {
  const seen = new Set<LoadedFile>([file]);
  for (const each of seen) for (const next of each.publicImports) seen.add(next);
  return [...seen];
}
