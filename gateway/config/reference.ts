import type { Preset } from './compat.js';
import { configKeys, type Term } from './keys.js';
import { expected } from './problems.js';
import { configSchema } from './schema.js';

/** The reference of all keys as a Markdown table: key, what it takes, default, meaning. */
export function printReference(): string {
  const rows = configKeys().map(
    ({ key, term }) => `| ${[`\`${key}\``, takes(term), defaultOf(term), term.description ?? ''].join(' | ')} |`,
  );
  return ['| key | takes | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** What a preset sets, as a Markdown table: key, value, default, meaning. */
export function printPreset({ policies, rules, requests, ...sections }: Preset): string {
  const inSections = Object.entries({ 'policies[]': policies, ...sections }).flatMap(([name, made]) => valuesAt(`${name}.`, made));
  const set = new Map([...valuesAt('', rules), ...valuesAt('', requests), ...inSections]);
  const rows = configKeys().flatMap(({ key, term }) =>
    set.has(key) ? [`| \`${key}\` | \`${set.get(key)}\` | ${defaultOf(term)} | ${term.description ?? ''} |`] : [],
  );
  return ['| option | set to | else | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function valuesAt(prefix: string, made: object): readonly (readonly [key: string, value: string])[] {
  return Object.entries(made).map(([name, value]) => [prefix + name, String(value)]);
}

/** JSON Schema for editors: validation like that of the gateway, with defaults and units in words. */
export function editorSchema(): Readonly<Record<string, unknown>> {
  const title = 'protogate configuration';
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...forEditor(configSchema) };
}

/** Keys that have a default may be left out, and what only the gateway understands goes. */
function forEditor(term: Term): Readonly<Record<string, unknown>> {
  const { unit, fallback, expected: _, isPath: __, format, required, ...rest } = { isPath: false, required: [], ...term };
  const properties = term.properties === undefined ? undefined : mapValues(term.properties, forEditor);
  const patternProperties = term.patternProperties === undefined ? undefined : mapValues(term.patternProperties, forEditor);
  const needed = Array.isArray(required) ? required.filter((name) => term.properties?.[String(name)]?.default === undefined) : [];
  return {
    ...rest,
    ...(term.description === undefined ? {} : { description: withUnit(term) }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(needed.length === 0 ? {} : { required: needed }),
    ...(properties === undefined ? {} : { properties }),
    ...(patternProperties === undefined ? {} : { patternProperties }),
    ...(term.items === undefined ? {} : { items: forEditor(term.items) }),
  };
}

function mapValues(terms: Readonly<Record<string, Term>>, f: (term: Term) => unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, f(term)]));
}

function takes(term: Term): string {
  if (term.properties !== undefined) return term.expected ?? 'section';
  if (term.patternProperties !== undefined)
    return `${Object.values(term.patternProperties)[0]?.type === 'string' ? 'texts' : 'sections'} by name`;
  if (term.expected === undefined && term.type === 'array')
    return term.items?.properties === undefined ? 'list of texts' : 'list of sections';
  if (term.type === 'integer') return `${term.unit ?? 'number'}, ${term.minimum} to ${term.maximum}`;
  if (term.enum !== undefined) return term.enum.map((v) => `\`${String(v)}\``).join(', ');
  if (term.type === 'string' && term.expected === undefined && term.format === undefined) return 'text';
  return expected(term).replaceAll('*', '\\*');
}

function defaultOf(term: Term): string {
  const value = term.default ?? term.fallback;
  if (value === undefined || typeof value === 'object') return '';
  if (typeof value !== 'number' || term.unit !== 'bytes') return `\`${String(value)}\``;
  return value % 2 ** 20 === 0 ? `\`${value}\` (${value / 2 ** 20} MiB)` : `\`${value}\` (${value / 2 ** 10} KiB)`;
}

function withUnit(term: Term): string {
  const unit = term.unit === undefined ? '' : ` In ${term.unit === 'ms' ? 'milliseconds' : term.unit}.`;
  return `${term.description ?? ''}${unit}`;
}
