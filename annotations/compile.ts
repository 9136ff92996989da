import type { Problem, Result } from '../proto/problem.js';
import type { Location, MethodType, Schema } from '../proto/schema.js';
import { finish, type Steps } from '../proto/steps.js';
import { WireFormatError } from '../proto/wire/reader.js';
import type { Binding } from './binding.js';
import { dropConflicts } from './conflict.js';
import { describe, describeWhole, type Located, placeOf } from './describe.js';
import { type ExternalRule, type SelectedRules, selectRules } from './external-rules.js';
import { type HttpRule, readHttpRule } from './http-rule.js';
import { compileRule, type Fault, type RuleOrigin, type Unnumbered } from './rule.js';

/** How to make bindings. */
export interface BindingOptions {
  /** `error`: an illegal rule is an error. `skip`: it is left out, with a warning. */
  readonly invalidRules: 'error' | 'skip';
  /** Two rules for the same HTTP method and shape of path: an error, or the first or last one (by file, service, method, rule) wins, with a warning. */
  readonly conflicts: 'error' | 'first' | 'last';
  /** Methods that may have bindings at all. Default: every one. */
  readonly expose?: (m: MethodType) => boolean;
  /** Methods that get `POST /pkg.Service/Method` with body `*` if no rule says anything of them. Default: none. */
  readonly unbound?: (m: MethodType) => boolean;
  /** Rules from elsewhere. `override`: a method that has one has nothing else; `add`: it stands behind what the proto says. Default: none. */
  readonly external?: { readonly rules: readonly ExternalRule[]; readonly mode: 'override' | 'add' };
}

/** Name of the finding that two bindings take the same requests. */
export const DUPLICATE = 'duplicate-route';

/** A rule of a method before it is resolved. */
interface Written {
  readonly rule: HttpRule;
  readonly origin: RuleOrigin;
  /** Unset: where the method is. */
  readonly where?: Location;
}

/** The bindings of a schema in order of its methods and their rules, `id` being the place in the list; or every illegal rule and conflict. */
export function compileBindings(schema: Schema, options: BindingOptions): Result<readonly Binding[]> {
  return finish(bindingSteps(schema, options));
}

/** {@link compileBindings} in steps of a method each. */
export function* bindingSteps(schema: Schema, options: BindingOptions): Steps<Result<readonly Binding[]>> {
  const external = selectRules(options.external?.rules ?? [], schema.methods);
  const refused: Problem[] = [...external.refused];
  const bindings: Unnumbered[] = [];
  for (const method of schema.methods) {
    yield;
    if (options.expose?.(method) === false) continue;
    const rules = rulesOf(method, options, external, (fault) => refused.push(problem(schema, { method }, fault)));
    for (const [index, { rule, origin, where }] of rules.entries()) {
      const binding = compileRule(method, rule, index, origin);
      const place = where === undefined ? { method } : { method, where };
      if ('reason' in binding) refused.push(problem(schema, place, { ...binding, reason: `${describeRule(rule)}: ${binding.reason}` }));
      else bindings.push({ ...binding, ...place });
    }
  }
  const conflicts: Problem[] = [];
  const distinct = dropConflicts(bindings, options.conflicts === 'last' ? 'last' : 'first', (loser, winner) => {
    const reason = `${describe(loser)}: takes the same requests as ${describeWhole(schema, winner)}`;
    conflicts.push(problem(schema, loser, { rule: DUPLICATE, reason }));
  });
  const judged = [...judge(refused, options.invalidRules === 'skip'), ...judge(conflicts, options.conflicts !== 'error')];
  if (judged.some(({ severity }) => severity === 'error')) return { ok: false, problems: judged };
  const value = distinct.map((binding, id) => Object.freeze({ ...binding, id }));
  return { ok: true, value, warnings: [...judged, ...external.warnings] };
}

function rulesOf(method: MethodType, options: BindingOptions, external: SelectedRules, refuse: (fault: Fault) => void): Written[] {
  const other = external.of(method);
  const added = other === undefined ? [] : written(other);
  if (added.length > 0 && options.external?.mode !== 'add') return added;
  let rule: HttpRule | undefined;
  try {
    rule = readHttpRule(method.options);
  } catch (error) {
    if (!(error instanceof WireFormatError)) throw error;
    refuse({ rule: 'invalid-rule', reason: `the google.api.http option is broken: ${error.message}` });
    return added;
  }
  if (rule !== undefined) return [...flatten(rule).map((rule): Written => ({ rule, origin: 'proto' })), ...added];
  return added.length > 0 || options.unbound?.(method) !== true ? added : [{ rule: unboundRule(method), origin: 'unbound' }];
}

function written(external: ExternalRule): Written[] {
  const places = [external, ...external.additionalBindings];
  return flatten(external).map((rule, i) => ({ rule, origin: 'rules', where: places[i]?.where ?? external.where }));
}

/** A rule alone, and its additional_bindings. */
function flatten(rule: HttpRule): HttpRule[] {
  return [{ ...rule, additionalBindings: [] }, ...rule.additionalBindings];
}

function unboundRule({ path }: MethodType): HttpRule {
  return { selector: '', httpMethod: 'POST', path, body: '*', responseBody: '', additionalBindings: [] };
}

function describeRule(rule: HttpRule): string {
  return rule.path === '' && rule.httpMethod === '' ? 'a rule without pattern' : `${rule.httpMethod} "${rule.path}"`;
}

function problem(schema: Schema, at: Located, { rule, reason }: Pick<Problem, 'reason'> & { readonly rule: string }): Problem {
  return { severity: 'error', ...placeOf(schema, at), subject: at.method.name, reason, rule };
}

function judge(problems: readonly Problem[], isTolerated: boolean): readonly Problem[] {
  return isTolerated ? problems.map((p) => ({ ...p, severity: 'warning', reason: `${p.reason}; this rule is left out` })) : problems;
}
