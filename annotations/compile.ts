import type { Problem, Result } from '../proto/problem.js';
import type { MethodType, Schema } from '../proto/schema.js';
import { WireFormatError } from '../proto/wire/reader.js';
import type { Binding } from './binding.js';
import { dropConflicts } from './conflict.js';
import { type HttpRule, readHttpRule } from './http-rule.js';
import { compileRule, type RuleOrigin, type Unnumbered } from './rule.js';

/** How to make bindings. */
export interface BindingOptions {
  /** `error`: an illegal rule is an error. `skip`: it is left out, with a warning. */
  readonly invalidRules: 'error' | 'skip';
  /** Two rules for the same HTTP method and shape of path: an error, or the first one (by file, service, method, rule) wins, with a warning. */
  readonly conflicts: 'error' | 'first';
  /** Methods that may have bindings at all. Default: every one. */
  readonly expose?: (m: MethodType) => boolean;
  /** Methods that get `POST /pkg.Service/Method` with body `*` if no rule says anything of them. Default: none. */
  readonly unbound?: (m: MethodType) => boolean;
}

/** The bindings of a schema in order of its methods and their rules, `id` being the place in the list; or every illegal rule and conflict. */
export function compileBindings(schema: Schema, options: BindingOptions): Result<readonly Binding[]> {
  const refused: Problem[] = [];
  const bindings: Unnumbered[] = [];
  for (const method of schema.methods) {
    if (options.expose?.(method) === false) continue;
    const { rules, origin } = rulesOf(method, options, (reason) => refused.push(problem(schema, method, reason)));
    rules.forEach((rule, index) => {
      const binding = compileRule(method, rule, index, origin);
      if (typeof binding === 'string') refused.push(problem(schema, method, `${describe(rule)}: ${binding}`));
      else bindings.push(binding);
    });
  }
  const conflicts: Problem[] = [];
  const distinct = dropConflicts(bindings, (loser, winner) => {
    conflicts.push(problem(schema, loser.method, conflictReason(schema, loser, winner)));
  });
  const judged = [...judge(refused, options.invalidRules === 'skip'), ...judge(conflicts, options.conflicts === 'first')];
  if (judged.some(({ severity }) => severity === 'error')) return { ok: false, problems: judged };
  return { ok: true, value: distinct.map((binding, id) => Object.freeze({ ...binding, id })), warnings: judged };
}

function rulesOf(
  method: MethodType,
  options: BindingOptions,
  refuse: (reason: string) => void,
): { rules: readonly HttpRule[]; origin: RuleOrigin } {
  const origin = 'proto';
  let rule: HttpRule | undefined;
  try {
    rule = readHttpRule(method.options);
  } catch (error) {
    if (!(error instanceof WireFormatError)) throw error;
    refuse(`the google.api.http option is broken: ${error.message}`);
    return { rules: [], origin };
  }
  if (rule !== undefined) return { rules: [rule, ...rule.additionalBindings], origin };
  if (options.unbound?.(method) !== true) return { rules: [], origin };
  const unbound = { selector: '', httpMethod: 'POST', path: method.path, body: '*', responseBody: '', additionalBindings: [] };
  return { rules: [unbound], origin: 'unbound' };
}

function describe(rule: HttpRule): string {
  return rule.path === '' && rule.httpMethod === '' ? 'a rule without pattern' : `${rule.httpMethod} "${rule.path}"`;
}

function conflictReason(schema: Schema, loser: Unnumbered, winner: Unnumbered): string {
  const where = schema.where(winner.method.name);
  const place = where === undefined ? winner.method.service.file : `${where.file}:${where.line}`;
  const rival = `${winner.httpMethod} "${winner.template.text}" of ${winner.method.name} (${place})`;
  return `${loser.httpMethod} "${loser.template.text}": takes the same requests as ${rival}`;
}

function problem(schema: Schema, method: MethodType, reason: string): Problem {
  return { severity: 'error', ...(schema.where(method.name) ?? { file: method.service.file }), subject: method.name, reason };
}

function judge(problems: readonly Problem[], isTolerated: boolean): readonly Problem[] {
  return isTolerated ? problems.map((p) => ({ ...p, severity: 'warning', reason: `${p.reason}; this rule is left out` })) : problems;
}
