import type { ExternalRule } from '../../../annotations/external-rules.js';
import { nearest } from '../../../proto/nearest.js';
import type { Problem, Result } from '../../../proto/problem.js';
import type { Location } from '../../../proto/schema.js';
import type { ConfigText } from '../../config/file.js';
import { printPath, shown } from '../../config/problems.js';

/** Members of google.api.Service (https://github.com/googleapis/googleapis/blob/master/google/api/service.proto) that say nothing to a gateway. */
const otherMembers = (
  'name title producer_project_id id apis types enums documentation backend quota authentication context usage endpoints control logs metrics ' +
  'monitored_resources billing logging monitoring system_parameters source_info publishing system_types aspects visibility ' +
  'custom_error experimental project_properties'
).split(' ');
const patterns = ['get', 'put', 'post', 'delete', 'patch'];
const members = {
  service: ['type', 'config_version', 'http', ...otherMembers],
  http: ['rules', 'fully_decode_reserved_expansion'],
  rule: ['selector', ...patterns, 'custom', 'body', 'response_body', 'additional_bindings'],
  custom: ['kind', 'path'],
} as const;

/** `*`, or names that may end in a wildcard (google.api.DocumentationRule.selector). */
const selector = /^(?:\*|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\.\*)?)$/;

/** Steps from the root of the document. */
type Path = readonly string[];

/** Members of a message by their proto names. */
type Members = ReadonlyMap<string, { readonly value: unknown; readonly path: Path }>;

/** Reads the rules of a google.api.Service: ProtoJSON written as YAML or JSON, with `type: google.api.Service` beside its fields. */
export function parseServiceConfig(file: string, text: ConfigText): Result<readonly ExternalRule[]> {
  return new Parser(file, text).service();
}

class Parser {
  readonly #problems: Problem[] = [];
  readonly #warnings: Problem[] = [];

  constructor(
    readonly file: string,
    readonly text: ConfigText,
  ) {}

  service(): Result<readonly ExternalRule[]> {
    const service = this.#members(this.text.data, [], 'service');
    this.#oneOf(service, 'type', ['google.api.Service']);
    this.#oneOf(service, 'config_version', [3, 2, 1]);
    if (!service.has('http')) this.#warn([], 'has no rules: expected http.rules');
    const http = this.#members(service.get('http')?.value ?? {}, service.get('http')?.path ?? [], 'http');
    const rules = this.#rules(http, 'rules', true);
    const decode = http.get('fully_decode_reserved_expansion');
    if (decode !== undefined && typeof decode.value !== 'boolean')
      this.#refuse(decode.path, `expected true or false, got ${shown(decode.value)}`);
    if (decode?.value === false)
      this.#warn(decode.path, 'captures are decoded all the same, but for %2F where there are several segments', true);
    if (this.#problems.length > 0) return { ok: false, problems: this.#problems };
    return { ok: true, value: rules, warnings: [...this.#unread(service), ...this.#warnings] };
  }

  /** Those that say something: a rule that has no pattern, nor others inside, maps nothing. */
  #rules(of: Members, name: string, isOuter: boolean): ExternalRule[] {
    return this.#list(of, name).flatMap(({ value, path }) => {
      const faults = this.#problems.length;
      const rule = this.#rule(value, path, isOuter);
      if (rule.httpMethod !== '' || rule.path !== '' || rule.additionalBindings.length > 0 || this.#problems.length > faults) return rule;
      this.#warn(path, 'has no pattern, and is left out: expected get, put, post, delete, patch or custom');
      return [];
    });
  }

  #rule(data: unknown, path: Path, isOuter: boolean): ExternalRule {
    const rule = this.#members(data, path, 'rule');
    const given = [...patterns, 'custom'].filter((name) => rule.has(name));
    const [pattern = '', second] = given;
    if (second !== undefined) this.#refuse(rule.get(second)?.path ?? path, `stands beside "${pattern}": a rule has one pattern`, true);
    const deeper = rule.get('additional_bindings');
    if (!isOuter && deeper !== undefined) this.#refuse(deeper.path, 'can only be one level deep', true);
    return {
      selector: this.#selector(rule, path, isOuter),
      ...(pattern === 'custom' ? this.#custom(rule) : { httpMethod: pattern.toUpperCase(), path: this.#text(rule, pattern) }),
      body: this.#text(rule, 'body'),
      responseBody: this.#text(rule, 'response_body'),
      additionalBindings: isOuter ? this.#rules(rule, 'additional_bindings', false) : [],
      selectorAt: this.#location(rule, 'selector', path),
      where: this.#location(rule, pattern, path),
    };
  }

  #selector(rule: Members, path: Path, isOuter: boolean): string {
    const text = this.#text(rule, 'selector');
    const at = rule.get('selector')?.path ?? path;
    if (!isOuter && text !== '') this.#refuse(at, 'belongs to the rule, not to its additional_bindings', true);
    else if (isOuter && text === '') this.#refuse(path, 'lacks the key "selector"');
    else if (isOuter && !text.split(',').every((part) => selector.test(part.trim())))
      this.#refuse(at, `expected "pkg.Service.Method", "pkg.Service.*", "pkg.*" or "*", or several with commas, got ${shown(text)}`);
    return text;
  }

  #custom(rule: Members): Pick<ExternalRule, 'httpMethod' | 'path'> {
    const custom = rule.get('custom');
    const parts = this.#members(custom?.value, custom?.path ?? [], 'custom');
    return { httpMethod: this.#text(parts, 'kind').toUpperCase(), path: this.#text(parts, 'path') };
  }

  /** Members that are set, known ones only, in snake_case or lowerCamelCase. */
  #members(data: unknown, path: Path, kind: keyof typeof members): Members {
    const found = new Map<string, { readonly value: unknown; readonly path: Path }>();
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      this.#refuse(path, `expected a section with keys of its own, got ${shown(data)}`);
      return found;
    }
    const known: readonly string[] = members[kind];
    for (const [key, value] of Object.entries(data)) {
      const at = [...path, key];
      const name = known.find((name) => name === key || camelCase(name) === key);
      if (name === undefined) {
        const near = nearest(key, known);
        this.#refuse(at, near === undefined ? 'unknown key' : `unknown key; did you mean "${near}"?`, true);
      } else if (found.has(name)) this.#refuse(at, 'is given twice, in two spellings', true);
      else if (value !== null) found.set(name, { value, path: at });
    }
    return found;
  }

  #list(of: Members, name: string): { value: unknown; path: Path }[] {
    const list = of.get(name);
    if (list === undefined) return [];
    if (Array.isArray(list.value)) return list.value.map((value: unknown, i) => ({ value, path: [...list.path, String(i)] }));
    this.#refuse(list.path, `expected a list, got ${shown(list.value)}`);
    return [];
  }

  #text(of: Members, name: string): string {
    const member = of.get(name);
    if (member === undefined) return '';
    if (typeof member.value === 'string') return member.value;
    this.#refuse(member.path, `expected a text, got ${shown(member.value)}`);
    return '';
  }

  #oneOf(service: Members, name: string, values: readonly (string | number)[]): void {
    const member = service.get(name);
    if (member === undefined || values.some((value) => value === member.value)) return;
    this.#refuse(member.path, `expected ${values.join(' or ')}, got ${shown(member.value)}`);
  }

  #unread(service: Members): Problem[] {
    const names = otherMembers.filter((name) => service.has(name));
    const reason = `only the rules in "http" are read, not ${names.join(', ')}`;
    return names.length === 0 ? [] : [{ severity: 'warning', file: this.file, subject: 'rules file', reason }];
  }

  #refuse(path: Path, reason: string, isKey = false): void {
    this.#problems.push(this.#problem(path, reason, isKey));
  }

  #warn(path: Path, reason: string, isKey = false): void {
    this.#warnings.push({ ...this.#problem(path, reason, isKey), severity: 'warning' });
  }

  #problem(path: Path, reason: string, isKey: boolean): Problem {
    const subject = path.length === 0 ? 'rules file' : printPath(path);
    return { severity: 'error', file: this.file, ...this.#place(path, isKey), subject, reason };
  }

  /** Of a key of a rule, or of the rule where it has none. */
  #location(rule: Members, key: string, path: Path): Location {
    const member = rule.get(key);
    return { file: this.file, line: 1, column: 1, ...this.#place(member?.path ?? path, member !== undefined) };
  }

  #place(path: Path, isKey: boolean): Partial<Location> {
    return { ...this.text.position(path, isKey) };
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
