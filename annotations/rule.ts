import type { FieldChain, FieldType, MessageType, MethodType } from '../proto/schema.js';
import type { Binding, Capture } from './binding.js';
import { hasTextForm, resolveFieldPath } from './field-path.js';
import { isBindableMethod } from './http-method.js';
import type { HttpRule } from './http-rule.js';
import { type ParsedTemplate, parseTemplate, TemplateError, type Variable } from './template.js';

/** Where a rule was written. */
export type RuleOrigin = Binding['origin'];

/** A binding that has no place in a list of bindings yet. */
export type Unnumbered = Omit<Binding, 'id'>;

/** Why a rule is illegal. */
export interface Fault {
  readonly rule: FaultName;
  /** With the 1-based column if it is about the template. */
  readonly reason: string;
}

/** Stable names of what can be wrong with one rule. */
export const faults = [
  'invalid-rule',
  'invalid-template',
  'invalid-variable',
  'duplicate-variable',
  'invalid-body',
  'body-collision',
  'unexpected-body',
  'invalid-response-body',
] as const;

/** What is wrong with a rule. */
export type FaultName = (typeof faults)[number];

/** Stable names of what http.proto allows in a rule and is worth a warning. */
export const notices = ['no-pattern', 'unusable-body'] as const;

/** What there is to say of a rule that is served. */
export interface Notice {
  readonly rule: (typeof notices)[number];
  readonly reason: string;
}

/** How to read a rule. */
export interface RuleOptions {
  /** A variable may be a repeated field, which http.proto forbids: its values stand between commas. Default: it may not. */
  readonly lists?: boolean;
  /** Takes what there is to say. Default: nobody. */
  readonly notice?: (notice: Notice) => void;
}

/**
 * Resolves one rule against its method.
 *
 * @param rule without `additional_bindings`: they are rules of their own, and must not have any themselves
 * @param index its place among the bindings of the method
 */
export function compileRule(
  method: MethodType,
  rule: HttpRule,
  index: number,
  origin: RuleOrigin,
  options: RuleOptions = {},
): Unnumbered | Fault {
  try {
    return compile(method, rule, index, origin, options);
  } catch (error) {
    if (error instanceof TemplateError) return { rule: 'invalid-template', reason: error.message };
    if (error instanceof RuleError) return { rule: error.rule, reason: error.message };
    throw error;
  }
}

class RuleError extends Error {
  /** @param column in the template, 1-based */
  constructor(
    readonly rule: FaultName,
    reason: string,
    column?: number,
  ) {
    super(column === undefined ? reason : `column ${column}: ${reason}`);
  }
}

function compile(method: MethodType, rule: HttpRule, index: number, origin: RuleOrigin, options: RuleOptions): Unnumbered {
  const { httpMethod } = rule;
  if (httpMethod === '') throw new RuleError('invalid-rule', 'no HTTP method and path is given');
  if (!isBindableMethod(httpMethod)) throw new RuleError('invalid-rule', `${httpMethod} is not an HTTP method that can be bound`);
  if (rule.additionalBindings.length > 0) throw new RuleError('invalid-rule', 'additional_bindings can only be one level deep');
  const parsed = parseTemplate(rule.path);
  const captures = resolveVariables(method.input, parsed, options.lists === true);
  const body = resolveBody(method.input, rule.body, captures, options);
  if (body !== 'none' && (httpMethod === 'GET' || httpMethod === 'HEAD'))
    throw new RuleError('unexpected-body', `a ${httpMethod} request has no body`);
  const response = rule.responseBody === '' ? [] : [topLevel(method.output, rule.responseBody, 'response_body')];
  Object.freeze(parsed.template.segments);
  return {
    ...{ method, origin, httpMethod, index, body },
    template: Object.freeze(parsed.template),
    response: Object.freeze(response),
    captures: Object.freeze(captures),
  };
}

function resolveVariables(input: MessageType, { template, variables }: ParsedTemplate, lists: boolean): readonly Capture[] {
  const captures: Capture[] = [];
  for (const variable of variables) {
    const { start, end } = variable;
    const chain = resolveVariable(input, variable, lists);
    const rival = captures.find((capture) => collides(capture.chain, chain));
    if (rival !== undefined)
      throw new RuleError(
        'duplicate-variable',
        `"${text(chain)}" collides with "${text(rival.chain)}": ${why(rival.chain, chain)}`,
        variable.column,
      );
    const multi = end - start > 1 || template.segments[start]?.kind === 'multi';
    captures.push(Object.freeze({ chain: Object.freeze(chain), start, end, multi }));
  }
  return captures;
}

function resolveVariable(input: MessageType, { path, column }: Variable, lists: boolean): FieldChain {
  const chain = resolveFieldPath(input, path);
  if (typeof chain === 'string') throw new RuleError('invalid-variable', chain, column);
  const last = chain.at(-1);
  if (last === undefined || hasTextForm(last) || (lists && isList(last))) return chain;
  const what = last.kind === 'map' ? 'a map' : last.repeated ? 'repeated' : `a message, ${last.kind === 'message' ? last.type.name : ''}`;
  throw new RuleError('invalid-variable', `"${text(chain)}" is ${what}; a path can only set a singular field that has a text form`, column);
}

/** A repeated field whose elements have no commas of their own, texts aside. */
function isList(field: FieldType): boolean {
  return field.repeated && field.kind !== 'map' && field.kind !== 'message';
}

/** Whether two chains set the same field, one inside the other, or two members of one oneof. */
function collides(a: FieldChain, b: FieldChain): boolean {
  const at = firstDifference(a, b);
  const [x, y] = [a[at], b[at]];
  return x === undefined || y === undefined || (x.oneof !== undefined && x.oneof === y.oneof);
}

function firstDifference(a: FieldChain, b: FieldChain): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

function why(a: FieldChain, b: FieldChain): string {
  const x = a[firstDifference(a, b)];
  return x?.oneof !== undefined ? `both are members of oneof "${x.oneof.name}"` : 'a field can only be set once';
}

function resolveBody(input: MessageType, body: string, captures: readonly Capture[], { notice }: RuleOptions): Binding['body'] {
  if (body === '') return 'none';
  if (body === '*') return '*';
  const field = topLevel(input, body, 'body');
  const rival = captures.find(({ chain }) => (chain.length === 1 || chain[0] !== field) && collides(chain, [field]));
  if (rival === undefined) return Object.freeze([field]);
  if (rival.chain[0] === field)
    throw new RuleError('body-collision', `body "${body}" collides with the variable "${text(rival.chain)}": ${why(rival.chain, [field])}`);
  // What the path says stands, so that a body can say nothing.
  const reason = `body "${body}" cannot be set beside the variable "${text(rival.chain)}": ${why(rival.chain, [field])}; it is served without a body`;
  notice?.({ rule: 'unusable-body', reason });
  return 'none';
}

function topLevel(message: MessageType, name: string, option: 'body' | 'response_body'): FieldType {
  const rule = option === 'body' ? 'invalid-body' : 'invalid-response-body';
  if (name.includes('.')) throw new RuleError(rule, `${option} "${name}" is not a field at the top level of ${message.name}`);
  const chain = resolveFieldPath(message, [name]);
  if (typeof chain === 'string') throw new RuleError(rule, `${option}: ${chain}`);
  const [field] = chain;
  if (field === undefined) throw new RuleError(rule, `${option} is empty`);
  return field;
}

function text(chain: FieldChain): string {
  return chain.map((field) => field.protoName).join('.');
}
