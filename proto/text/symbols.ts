import type { Declared, Element, ElementFile, Names, Unknown } from './element.js';

/** All named elements of all files, by full name, and protobuf's rules for finding them. */
export class Symbols implements Names {
  readonly #byName = new Map<string, Declared>();
  readonly #advice: (file: string, other: string) => string;

  /** @param advice what to say of two files that define the same */
  constructor(advice: (file: string, other: string) => string = () => '') {
    this.#advice = advice;
  }

  get(name: string): Declared | undefined {
    return this.#byName.get(name);
  }

  /** Registers a file's package and elements. Names that are taken become problems of the file; true if no other file has them. */
  declare(file: ElementFile, elements: readonly Element[]): boolean {
    this.#declarePackage(file);
    const taken = new Map<ElementFile, Taken[]>();
    for (const element of elements) {
      if (element.kind === 'range') continue;
      const other = this.#byName.get(element.name);
      if (other === undefined) this.#byName.set(element.name, element);
      else if (other.file === file) refuse({ element, other });
      else {
        const list = taken.get(other.file) ?? [];
        taken.set(other.file, list);
        list.push({ element, other });
      }
    }
    for (const [other, [first, ...rest]] of taken) if (first !== undefined) refuse(first, this.#note(file, other, rest.length));
    return taken.size === 0;
  }

  /** Two files that share names are told of once: most likely they are one. */
  #note(file: ElementFile, other: ElementFile, more: number): string {
    const advice = this.#advice(file.name, other.name);
    const count = more === 0 ? '' : more === 1 ? ', and so is 1 more name' : `, and so are ${more} more names`;
    return `${count}${advice === '' ? '' : `; ${advice}`}`;
  }

  resolve(name: string, from: string, file: ElementFile, wanted: 'type' | 'any', visible = file.visible): Declared | Unknown {
    if (name.startsWith('.')) return this.#find(name.slice(1), file, visible);
    const dot = name.indexOf('.');
    const first = dot < 0 ? name : name.slice(0, dot);
    let hidden: Unknown = { kind: 'unknown' };
    for (let scope = from; scope !== ''; ) {
      scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.')));
      const prefix = scope === '' ? '' : `${scope}.`;
      const found = this.#find(prefix + (scope === '' ? name : first), file, visible);
      if (found.kind === 'unknown') {
        if (found.definedIn !== undefined) hidden = found;
      } else if (scope === '') {
        return found;
      } else if (dot >= 0) {
        if (isScope(found)) return this.#rest(prefix + name, file, visible);
      } else if (wanted === 'any' || found.kind === 'message' || found.kind === 'enum') {
        return found;
      }
    }
    return hidden;
  }

  #rest(name: string, file: ElementFile, visible: ReadonlySet<ElementFile>): Declared | Unknown {
    const found = this.#find(name, file, visible);
    return found.kind === 'unknown' ? { ...found, takenFor: name } : found;
  }

  #find(name: string, file: ElementFile, visible: ReadonlySet<ElementFile>): Declared | Unknown {
    const found = this.#byName.get(name);
    if (found === undefined) return { kind: 'unknown' };
    if (visible.has(found.file)) return found;
    if (found.kind === 'package') {
      for (const each of visible) if (isInside(each.package, name)) return found;
    }
    return found.kind === 'package' && isInside(file.package, name) ? found : { kind: 'unknown', definedIn: found.file };
  }

  #declarePackage(file: ElementFile): void {
    for (let name = file.package; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
      const other = this.#byName.get(name);
      if (other === undefined) this.#byName.set(name, { kind: 'package', name, file });
      else if (other.kind !== 'package') file.problem([2], name, `is a package here, but a ${nounOf(other)} in ${other.file.name}`);
    }
  }
}

/** An element of a file whose name another one has. */
interface Taken {
  readonly element: Exclude<Element, { kind: 'range' }>;
  readonly other: Declared;
}

function refuse({ element, other }: Taken, note = ''): void {
  element.file.problem([...element.path, 1], element.name, `${alreadyDefined(element, other)}${note}`);
}

function isScope({ kind }: Declared): boolean {
  return kind === 'message' || kind === 'package' || kind === 'enum' || kind === 'service';
}

function isInside(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`);
}

function alreadyDefined(element: Exclude<Element, { kind: 'range' }>, other: Declared): string {
  const where = other.file === element.file ? 'in this file' : `in ${other.file.name}`;
  const note =
    element.kind === 'value' || other.kind === 'value'
      ? '; the values of an enum are siblings of the enum, not children, so their names must be unique in the scope around it'
      : '';
  return `is already defined as a ${nounOf(other)} ${where}${note}`;
}

function nounOf({ kind }: Declared): string {
  return kind === 'value' ? 'value of an enum' : kind;
}
