import { configSchema } from './schema.js';

/** A key of the configuration, for messages and the reference. */
export interface ConfigKey {
  /** `policies[].deadlineMs`, `upstreams.NAME.target`. */
  readonly key: string;
  /** Its JSON Schema. */
  readonly term: Term;
}

/** The part of JSON Schema that {@link configSchema} uses, with its annotations. */
export interface Term {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly fallback?: unknown;
  readonly unit?: string;
  readonly expected?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Term>>;
  readonly patternProperties?: Readonly<Record<string, Term>>;
  readonly items?: Term;
  readonly '~unsafe'?: unknown;
}

/** All keys in the order of the schema; sections and maps stand before what is in them. */
export function configKeys(term: Term = configSchema, prefix = ''): readonly ConfigKey[] {
  const withParts = (key: string, t: Term): readonly ConfigKey[] => [{ key, term: t }, ...configKeys(t, key)];
  const dotted = prefix === '' ? '' : `${prefix}.`;
  return [
    ...Object.entries(term.properties ?? {}).flatMap(([name, t]) => withParts(`${dotted}${name}`, t)),
    ...Object.values(term.patternProperties ?? {}).flatMap((t) => configKeys(t, `${dotted}NAME`)),
    ...(term.items === undefined ? [] : configKeys(term.items, `${prefix}[]`)),
  ];
}

/** The schema of what is at a path of keys and indexes; undefined where nothing can be. */
export function termAt(path: readonly string[]): Term | undefined {
  let term: Term | undefined = configSchema;
  for (const step of path) term = inside(term ?? {}, step);
  return term;
}

function inside(term: Term, step: string): Term | undefined {
  const named = new Map(Object.entries(term.properties ?? {}));
  return named.get(step) ?? Object.values(term.patternProperties ?? {})[0] ?? term.items;
}
