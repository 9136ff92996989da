import type { Term } from './keys.js';
import { configSchema } from './schema.js';

/**
 * The source text of `input.ts`: the type of what a user writes, with what each key means as a comment on it. An editor shows these and none that the
 * schema has: a type that is inferred from it has no comments.
 */
export function printInputType(): string {
  return [
    '/** What a user writes: every key with a default may be left out. A `Config` is one, too. Generated from the schema. */',
    `export interface ConfigInput ${sectionType(configSchema)}`,
    '',
  ].join('\n');
}

function sectionType(term: Term & { readonly required?: unknown }): string {
  const required: readonly unknown[] = Array.isArray(term.required) ? term.required : [];
  const keys = Object.entries(term.properties ?? {}).map(([name, key]) => {
    const optional = !required.includes(name) || key.default !== undefined;
    return `${comment(key)}readonly ${name}${optional ? '?' : ''}: ${typeOf(key)};`;
  });
  return `{\n${keys.join('\n')}\n}`;
}

function comment(term: Term): string {
  const about = `${term.description ?? ''}${unitOf(term)}${defaultOf(term)}`;
  return `/** ${about.replaceAll('*/', '*\\/')} */\n`;
}

function unitOf({ unit }: Term): string {
  return unit === undefined ? '' : ` In ${unit === 'ms' ? 'milliseconds' : unit}.`;
}

function defaultOf(term: Term): string {
  const value = term.default ?? term.fallback;
  return value === undefined || typeof value === 'object' ? '' : ` Default: \`${String(value)}\`.`;
}

function typeOf(term: Term): string {
  if (term.enum !== undefined) return term.enum.map(literal).join(' | ');
  return [term.type]
    .flat()
    .map((type) => (type === 'boolean' && 'not' in term ? 'false' : typeNamed(type, term)))
    .join(' | ');
}

function typeNamed(type: string | undefined, term: Term): string {
  if (type === 'integer') return 'number';
  if (type === 'array') return `readonly (${typeOf(term.items ?? {})})[]`;
  if (type !== 'object') return type ?? 'unknown';
  const [named] = Object.values(term.patternProperties ?? {});
  return named === undefined ? sectionType(term) : `{ readonly [name: string]: ${typeOf(named)} }`;
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
