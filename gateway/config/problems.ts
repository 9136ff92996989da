import type { ErrorObject } from 'ajv/dist/2020.js';
import { nearest } from '../../proto/nearest.js';
import { parseTarget } from '../upstream/target.js';
import { type Term, termAt } from './keys.js';

/** A finding with the place in the document that it is about, so that a reader of text can add the line. */
export interface Finding {
  /** Keys and indexes from the root. */
  readonly path: readonly string[];
  /** The last step of `path` is wrong as a key, not by its value. */
  readonly key: boolean;
  readonly reason: string;
}

/** `policies[0].deadlineMs` for `['policies', '0', 'deadlineMs']`. */
export function printPath(path: readonly string[]): string {
  return path.map((step, i) => (/^\d+$/.test(step) ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');
}

/** What ajv found, in the words of somebody who edits the configuration, nothing said twice. `schemaKeys` are all known keys as dotted paths. */
export function explain(errors: readonly ErrorObject[], schemaKeys: readonly string[]): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (const error of errors) {
    const finding = explainOne(error, schemaKeys);
    const id = JSON.stringify([finding.path, finding.reason]);
    if (!findings.has(id)) findings.set(id, finding);
  }
  return [...findings.values()];
}

function explainOne(error: ErrorObject, schemaKeys: readonly string[]): Finding {
  const path = stepsOf(error.instancePath);
  const term = termAt(path) ?? {};
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(path, String(error.params.additionalProperty), term, schemaKeys);
    case 'required':
      return { path, key: false, reason: `lacks the key "${error.params.missingProperty}"` };
    case 'dependentRequired':
      return { path, key: false, reason: `"${error.params.property}" needs "${error.params.missingProperty}" beside it` };
    case 'maxProperties':
      return { path, key: false, reason: `expected at most ${error.params.limit} entries` };
    case 'format':
      if (term.format === 'target') return { path, key: false, reason: targetReason(error.data) };
      break;
  }
  return { path, key: false, reason: `expected ${expected(term)}, got ${shown(error.data)}` };
}

function unknownKey(path: readonly string[], key: string, term: Term, schemaKeys: readonly string[]): Finding {
  const at = [...path, key];
  if (term.properties === undefined) return { path: at, key: true, reason: 'is not a name; expected letters, digits, ".", "_" and "-"' };
  const here = nearest(key, Object.keys(term.properties));
  const elsewhere = schemaKeys.find((k) => k.endsWith(`.${key}`));
  const hint = here ?? elsewhere;
  return { path: at, key: true, reason: hint === undefined ? 'unknown key' : `unknown key; did you mean "${hint}"?` };
}

function targetReason(data: unknown): string {
  const target = parseTarget(String(data));
  return target.ok ? '' : target.problems.map((p) => p.reason).join('; ');
}

/** What a value must be, in words. */
export function expected(term: Term): string {
  if (term.expected !== undefined) return term.expected;
  if (term.format === 'listen') return 'HOST:PORT';
  if (term.enum !== undefined) return alternatives(term.enum.map((v) => JSON.stringify(v)));
  switch (term.type) {
    case 'integer':
      return `a whole number from ${term.minimum} to ${term.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return `a text of 1 to ${term.maxLength} characters`;
    case 'array':
      return `a list of at most ${term.maxItems} entries`;
    default:
      return 'a section with keys of its own';
  }
}

function alternatives(words: readonly string[]): string {
  return words.length < 3 ? words.join(' or ') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A value as messages quote it. */
export function shown(data: unknown): string {
  if (Array.isArray(data)) return `a list of ${data.length}`;
  if (typeof data === 'object' && data !== null) return 'a section';
  const text = JSON.stringify(data) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
