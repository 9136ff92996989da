import type { Problem, Result } from '../proto/problem.js';
import type { Location, MethodType, Schema } from '../proto/schema.js';
import { finish, type Steps } from '../proto/steps.js';
import { WireFormatError } from '../proto/wire/reader.js';
import type { Binding } from './binding.js';
import { dropConflicts } from './conflict.js';
import { describe, describeWhole, type Located, placeOf } from './describe.js';
import { type ExternalRule, type SelectedRules, selectRules } from './external-rules.js';
import { type HttpRule, readHttpRule } from './http-rule.js';
import { compileRule, type Fault, type Notice, type RuleOrigin, type Unnumbered } from './rule.js';

/** How to make bindings. */
export interface BindingOptions {
  /** `error`: an illegal rule is an error. `skip`: it is left out, with a warning. */
  readonly invalidRules: 'error' | 'skip';
  /** Two rules for the same HTTP method and shape of path: an error, or the first or last one (by file, service, method, rule) wins, with a warning. */
  readonly conflicts: 'error' | 'first' | 'last';
  /** A path variable that is a repeated field: an illegal rule, or a list of values between commas. Default: `error`. */
  readonly pathLists?: 'error' | 'commas';
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
  readonly rule: HttpRule | ExternalRule;
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
  const notices: Problem[] = [];
  const warn = (at: Located, notice: Notice) => notices.push({ ...problem(schema, at, notice), severity: 'warning' });
  const lists = options.pathLists === 'commas';
  const bindings: Unnumbered[] = [];
  for (const method of schema.methods) {
    yield;
    if (options.expose?.(method) === false) continue;
    const written = rulesOf(method, options, external, (fault) => refused.push(problem(schema, { method }, fault)));
    for (const { rule, where } of written) if (isOnlyAdditional(rule)) warn(placed(method, where), noPattern(rule));
    for (const [index, { rule, origin, where }] of written.flatMap(flatten).entries()) {
      const at = placed(method, where);
      const inRule = <T extends Fault | Notice>(found: T): T => ({ ...found, reason: `${describeRule(rule)}: ${found.reason}` });
      const binding = compileRule(method, rule, index, origin, { lists, notice: (found) => warn(at, inRule(found)) });
      if ('reason' in binding) refused.push(problem(schema, at, inRule(binding)));
      else bindings.push({ ...binding, ...at });
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
  return { ok: true, value, warnings: [...judged, ...notices, ...external.warnings] };
}

function placed(method: MethodType, where: Location | undefined): Located {
  return where === undefined ? { method } : { method, where };
}

function rulesOf(method: MethodType, options: BindingOptions, external: SelectedRules, refuse: (fault: Fault) => void): Written[] {
  const other = external.of(method);
  const added = other === undefined ? [] : [{ rule: other, origin: 'rules', where: other.where } as const];
  if (added.length > 0 && options.external?.mode !== 'add') return added;
  let rule: HttpRule | undefined;
  try {
    rule = readHttpRule(method.options);
  } catch (error) {
    if (!(error instanceof WireFormatError)) throw error;
    refuse({ rule: 'invalid-rule', reason: `the google.api.http option is broken: ${error.message}` });
    return added;
  }
  if (rule !== undefined) return [{ rule, origin: 'proto' }, ...added];
  return added.length > 0 || options.unbound?.(method) !== true ? added : [{ rule: unboundRule(method), origin: 'unbound' }];
}

/** A rule alone, if it has a pattern, and its additional_bindings. */
function flatten({ rule, ...rest }: Written): Written[] {
  const alone = isOnlyAdditional(rule) ? [] : [{ rule: { ...rule, additionalBindings: [] }, ...rest }];
  return [...alone, ...rule.additionalBindings.map((rule) => ({ ...rest, rule, ...('where' in rule ? { where: rule.where } : {}) }))];
}

function isOnlyAdditional({ httpMethod, path, additionalBindings }: HttpRule): boolean {
  return httpMethod === '' && path === '' && additionalBindings.length > 0;
}

function noPattern({ body, responseBody }: HttpRule): Notice {
  const unused = [...(body === '' ? [] : ['body']), ...(responseBody === '' ? [] : ['response_body'])].join(' and ');
  const loss = unused === '' ? '' : `; its ${unused} is that of none of them`;
  return { rule: 'no-pattern', reason: `the rule has no HTTP method and path of its own, only additional_bindings${loss}` };
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
