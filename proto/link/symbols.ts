import type { Problem } from '../problem.js';
import type { Place, SourceText } from './place.js';
import type { LinkedEnum, LinkedMessage } from './types.js';
import { isVisible, type Unit, visibleUnits } from './unit.js';

/** A type that fields and methods refer to. */
export type LinkedType = LinkedMessage | LinkedEnum;

/** The last part of a full name; those before it were declared before it. */
const IDENTIFIER = /(?:^|\.)[A-Za-z_][A-Za-z0-9_]*$/;

/** Every named element of the schema by full name. */
export class Symbols {
  readonly #places = new Map<string, Place>();
  readonly #types = new Map<string, LinkedType>();
  /** Package and its parents -> the file that was first to use it. */
  readonly #packages = new Map<string, Unit>();
  /** Pairs of files. */
  readonly #contradictions = new Set<string>();
  #journal: string[] = [];

  place(name: string): Place | undefined {
    return this.#places.get(name);
  }

  type(name: string): LinkedType | undefined {
    return this.#types.get(name);
  }

  declare(name: string, place: Place, type: LinkedType | undefined, problems: Problem[]): void {
    const other = this.#places.get(name);
    const asPackage = this.#packages.get(name);
    if (!IDENTIFIER.test(name)) {
      problems.push(place.problem(name, 'is not a name: letters, digits and underscores make one, and no digit begins it'));
    } else if (other !== undefined) {
      if (this.#isFirst(place, other)) problems.push(place.problem(name, `is already defined ${whereIs(other, place)}`));
    } else if (asPackage !== undefined) {
      problems.push(place.problem(name, `is already the name of a package, in ${asPackage.name}`));
    } else {
      this.#journal.push(name);
      this.#places.set(name, place);
      if (type !== undefined) this.#types.set(name, type);
    }
  }

  /** Whether two files contradict each other for the first time: one that is there under two names contradicts itself in everything. */
  #isFirst({ text }: Place, other: Place): boolean {
    if (text === other.text) return true;
    if (this.contradict(text, other.text)) return false;
    this.#contradictions.add(pairOf(text, other.text));
    return true;
  }

  /** Whether a file defines what another has defined before. */
  contradict(later: SourceText, earlier: SourceText): boolean {
    return this.#contradictions.has(pairOf(later, earlier));
  }

  declarePackage(unit: Unit, problems: Problem[]): void {
    for (const name of enclosing(unit.descriptor.package ?? '')) {
      if (!IDENTIFIER.test(name))
        problems.push({ severity: 'error', file: unit.name, subject: name, reason: 'is not the name of a package' });
      const other = this.#places.get(name);
      if (other !== undefined) {
        problems.push({ severity: 'error', file: unit.name, subject: name, reason: `is a package here, but something else in ${other}` });
      } else if (!this.#packages.has(name)) {
        this.#packages.set(name, unit);
      }
    }
  }

  /** Keeps what was declared since the last call of this or of {@link forget}. */
  keep(): void {
    this.#journal = [];
  }

  forget(): void {
    for (const name of this.#journal) {
      this.#places.delete(name);
      this.#types.delete(name);
    }
    this.#journal = [];
  }

  /**
   * The type that `name` means inside `scope`, by protobuf's scoping (descriptor.proto, FieldDescriptorProto.type_name): absolute with a leading
   * dot, else the innermost scope that has the first part of the name decides.
   */
  resolve(name: string, scope: string, unit: Unit): LinkedType | undefined {
    if (name.startsWith('.')) return this.#types.get(name.slice(1));
    const dot = name.indexOf('.');
    const first = dot < 0 ? name : name.slice(0, dot);
    for (const outer of [...enclosing(scope), '']) {
      const prefix = outer === '' ? '' : `${outer}.`;
      const found = this.#types.get(prefix + first);
      const visible = found !== undefined && isVisible(found.place.text, unit);
      if (dot < 0 && visible) return found;
      if (dot >= 0 && (visible || this.#isVisiblePackage(prefix + first, unit))) return this.#types.get(prefix + name);
    }
    return undefined;
  }

  #isVisiblePackage(name: string, unit: Unit): boolean {
    return this.#packages.has(name) && [...visibleUnits(unit)].some(({ descriptor }) => isInside(descriptor.package ?? '', name));
  }
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`);
}

/** `a.b.c` -> `a.b.c`, `a.b`, `a`. */
function enclosing(name: string): string[] {
  const names: string[] = [];
  for (let rest = name; rest !== ''; rest = rest.slice(0, Math.max(0, rest.lastIndexOf('.')))) names.push(rest);
  return names;
}

function pairOf(later: SourceText, earlier: SourceText): string {
  return `${later.file}\n${earlier.file}`;
}

/** Where a name is defined besides, and what to do. */
function whereIs(other: Place, { text }: Place): string {
  const advice = 'rename one of them, or load only one of the two files';
  if (other.text === text) return `in this file; ${advice}`;
  if (other.text.origin === text.origin) return `in ${other}; ${advice}`;
  return `in ${other} of ${other.text.origin}, and this is of ${text.origin}; ${advice}, or give the file one import name in both`;
}
