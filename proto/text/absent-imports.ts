import type { Problem } from '../problem.js';
import type { LoadedFile } from './loaded-file.js';

/** Options that a warning names. */
const SHOWN = 3;

/** Imports that are not found, and whether anything needs them. */
export class AbsentImports {
  readonly #problems = new Map<string, Problem>();
  readonly #needed = new Set<string>();
  /** By import: options that are left out, of which it may have the definitions. */
  readonly #options = new Map<string, Set<string>>();

  /** @param problem at the first import statement that names it */
  add(name: string, problem: Problem): void {
    this.#problems.set(name, problem);
    this.#options.set(name, new Set());
  }

  /** Takes note of what a file that imports some of them needs of them. */
  tell({ absent, lacksNames, omitted }: LoadedFile): void {
    for (const name of absent) {
      if (lacksNames) this.#needed.add(name);
      for (const option of omitted) this.#options.get(name)?.add(option);
    }
  }

  /** Which ones are errors, and which ones options alone need. */
  judge(): { readonly needed: readonly Problem[]; readonly spared: readonly Problem[] } {
    const all = [...this.#problems];
    const needed = all.filter(([name]) => this.#needed.has(name)).map(([, problem]) => problem);
    const spared = all.filter(([name]) => !this.#needed.has(name)).map(([name, problem]) => this.#warn(name, problem));
    return { needed, spared };
  }

  #warn(name: string, problem: Problem): Problem {
    const options = [...(this.#options.get(name) ?? [])];
    return { ...problem, severity: 'warning', reason: `${problem.reason}. ${consequence(options)}` };
  }
}

function consequence(options: readonly string[]): string {
  if (options.length === 0) return 'Nothing here needs it';
  const names = options.slice(0, SHOWN).map((name) => `(${name})`);
  const more = options.length - names.length;
  return `Only options need it, which are left out: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
