import { createHash } from 'node:crypto';
import { collectFiles } from './link/collect.js';
import { declareFile } from './link/declare.js';
import { type Resolved, resolveFile } from './link/resolve.js';
import { Symbols } from './link/symbols.js';
import { LinkedEnum, LinkedMessage } from './link/types.js';
import { orderFiles, type Unit } from './link/unit.js';
import type { Problem } from './problem.js';
import type { EnumType, FieldType, Link, Location, MessageType, MethodType, Schema, ServiceType } from './schema.js';
import { WireFormatError } from './wire/reader.js';

/**
 * Links the files of all sources into one schema, in three steps: one file a name, in an order in which imports come first; types get their names;
 * fields and methods get their types. Warns of imports that no source has if nothing needs them, which is usual for those of custom options.
 */
export const link: Link = (sources) => {
  const problems: Problem[] = [];
  const files = collectFiles(sources, problems);
  if (problems.length > 0) return { ok: false, problems };
  const units = orderFiles(files, problems);
  if (problems.length > 0) return { ok: false, problems };
  const symbols = new Symbols();
  const linked: { unit: Unit; resolved: Resolved }[] = [];
  for (const unit of units) {
    const found: Problem[] = [];
    const resolved = linkFile(unit, symbols, found);
    if (unit.optional && found.length > 0) {
      symbols.forget();
      continue;
    }
    symbols.keep();
    problems.push(...found);
    if (resolved !== undefined) linked.push({ unit, resolved });
  }
  if (problems.some((problem) => problem.severity === 'error')) return { ok: false, problems };
  return { ok: true, value: new LinkedSchema(linked, symbols), warnings: problems };
};

function linkFile(unit: Unit, symbols: Symbols, problems: Problem[]): Resolved | undefined {
  try {
    const resolved = resolveFile(unit, declareFile(unit, symbols, problems), symbols, problems);
    if (unit.missing.length > 0) problems.push(missingImports(unit, resolved.lacking));
    return resolved;
  } catch (error) {
    if (!(error instanceof WireFormatError)) throw error;
    problems.push({ severity: 'error', file: unit.name, subject: unit.name, reason: `has broken options: ${error.message}` });
    return undefined;
  }
}

function missingImports(unit: Unit, lacking: Resolved['lacking']): Problem {
  const imports = `imports ${unit.missing.map((name) => `"${name}"`).join(', ')}, which no source has`;
  const about = { file: unit.name, subject: unit.name };
  if (lacking === undefined) return { severity: 'warning', ...about, reason: `${imports}; nothing here needs it` };
  const advice = 'make the descriptor set with --include_imports, or add the folder or source that has it';
  return { severity: 'error', ...about, reason: `${imports}, and ${lacking.subject} needs type "${lacking.type}": ${advice}` };
}

class LinkedSchema implements Schema {
  readonly hash: string;
  readonly services: readonly ServiceType[];
  readonly methods: readonly MethodType[];
  readonly #symbols: Symbols;
  readonly #extensions = new Map<MessageType, FieldType[]>();

  constructor(linked: readonly { unit: Unit; resolved: Resolved }[], symbols: Symbols) {
    const byName = linked.toSorted((a, b) => (a.unit.name < b.unit.name ? -1 : 1));
    this.hash = hashOf(byName.map(({ unit }) => unit.bytes));
    this.services = byName.flatMap(({ resolved }) => resolved.services);
    this.methods = this.services.flatMap((service) => service.methods);
    this.#symbols = symbols;
    for (const field of byName.flatMap(({ resolved }) => resolved.extensions)) {
      const known = this.#extensions.get(field.parent);
      if (known === undefined) this.#extensions.set(field.parent, [field]);
      else known.push(field);
    }
  }

  message(name: string): MessageType | undefined {
    const type = this.#symbols.type(name);
    return type instanceof LinkedMessage ? type : undefined;
  }

  enum(name: string): EnumType | undefined {
    const type = this.#symbols.type(name);
    return type instanceof LinkedEnum ? type : undefined;
  }

  extensions(of: MessageType): readonly FieldType[] {
    return this.#extensions.get(of) ?? [];
  }

  where(element: string): Location | undefined {
    return this.#symbols.place(element)?.location;
  }
}

/** Of the files in order of their names, each by its own digest, so that no two lists of files look alike. */
function hashOf(files: readonly Uint8Array[]): string {
  const all = createHash('sha256');
  for (const bytes of files) all.update(createHash('sha256').update(bytes).digest());
  return all.digest('hex');
}
