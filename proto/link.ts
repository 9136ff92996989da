import { collectFiles } from './link/collect.js';
import { type Declared, declareFile } from './link/declare.js';
import { groupExtensions, hashOf, LinkedSchema } from './link/linked-schema.js';
import { type Resolved, resolveFile } from './link/resolve.js';
import { Symbols } from './link/symbols.js';
import type { LinkedService } from './link/types.js';
import { orderFiles, type Unit } from './link/unit.js';
import type { Problem, Result } from './problem.js';
import type { Link, Schema, SourceFiles } from './schema.js';
import { finish, type Steps } from './steps.js';
import { WireFormatError } from './wire/reader.js';

/**
 * Links the files of all sources into one schema, in three steps: one file a name, in an order in which imports come first; types get their names;
 * fields and methods get their types. Warns of imports that no source has if nothing needs them, which is usual for those of custom options.
 */
export const link: Link = (sources) => finish(linkSteps(sources));

/** {@link link} in steps of about a file each. */
export function* linkSteps(sources: readonly SourceFiles[]): Steps<Result<Schema>> {
  const problems: Problem[] = [];
  const files = yield* collectFiles(sources, problems);
  if (problems.length > 0) return { ok: false, problems };
  const units = orderFiles(files, problems);
  if (problems.length > 0) return { ok: false, problems };
  const linker = new Linker();
  const required = units.filter(({ optional }) => !optional);
  problems.push(...(yield* linker.add(required)));
  for (const unit of units) {
    if (unit.optional) linker.tryToAdd(unit);
    yield;
  }
  const { linked, symbols } = linker;
  linked.sort((a, b) => (a.unit.name < b.unit.name ? -1 : 1));
  const extensions = groupExtensions(
    linked.flatMap(({ resolved }) => resolved.extensions),
    symbols,
    problems,
  );
  if (problems.some(isError)) return { ok: false, problems };
  const offers = offersOf(sources);
  const services = linked.flatMap(({ unit, resolved }) => offeredServices(offers, unit, resolved.services));
  const hash = yield* hashOf([...linked.map(({ unit }) => unit.bytes), ...services.filter(isOffered).map(({ name }) => utf8.encode(name))]);
  return { ok: true, value: new LinkedSchema(hash, services, extensions, symbols), warnings: problems };
}

/** By service: who offers it. */
type Offers = ReadonlyMap<string, readonly string[]>;

function offersOf(sources: readonly SourceFiles[]): Offers {
  const offers = new Map<string, string[]>();
  for (const { by, services } of sources.flatMap(({ offer }) => offer ?? [])) {
    for (const service of services) offers.set(service, [...(offers.get(service) ?? []), by]);
  }
  return offers;
}

/** The services of a file that are really there, each with who offers it. */
function offeredServices(offers: Offers, unit: Unit, services: readonly LinkedService[]): readonly LinkedService[] {
  for (const service of services) service.offeredBy = offers.get(service.name) ?? [];
  return unit.offered ? services.filter(({ offeredBy }) => offeredBy.length > 0) : services;
}

class Linker {
  readonly symbols = new Symbols();
  readonly linked: { unit: Unit; resolved: Resolved }[] = [];

  /** Adds files that belong together, and says what is wrong with them. Names first, so that a type without its import can be told from none. */
  *add(units: readonly Unit[]): Steps<readonly Problem[]> {
    const problems: Problem[] = [];
    const declared: { readonly unit: Unit; readonly declarations: Declared }[] = [];
    for (const unit of units) {
      const declarations = attempt(unit, problems, () => declareFile(unit, this.symbols, problems));
      if (declarations !== undefined) declared.push({ unit, declarations });
      yield;
    }
    for (const { unit, declarations } of declared) {
      yield;
      const resolved = attempt(unit, problems, () => resolveFile(unit, declarations, this.symbols, problems));
      if (resolved === undefined) continue;
      if (unit.missing.length > 0) problems.push(missingImports(unit, resolved.lacking));
      this.linked.push({ unit, resolved });
    }
    this.symbols.keep();
    return problems;
  }

  /** Adds a file if nothing is wrong with it. */
  tryToAdd(unit: Unit): void {
    const problems: Problem[] = [];
    const declared = attempt(unit, problems, () => declareFile(unit, this.symbols, problems));
    const resolved = declared && attempt(unit, problems, () => resolveFile(unit, declared, this.symbols, problems));
    if (resolved === undefined || resolved.lacking !== undefined || problems.some(isError)) {
      this.symbols.forget();
    } else {
      this.symbols.keep();
      this.linked.push({ unit, resolved });
    }
  }
}

const utf8 = new TextEncoder();

function isOffered({ offeredBy }: LinkedService): boolean {
  return offeredBy.length > 0;
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function attempt<T>(unit: Unit, problems: Problem[], step: () => T): T | undefined {
  try {
    return step();
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
