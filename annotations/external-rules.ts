import { nearest } from '../proto/nearest.js';
import type { Problem } from '../proto/problem.js';
import type { Location, MethodType, ServiceType } from '../proto/schema.js';
import type { HttpRule } from './http-rule.js';
import { selectorsOf } from './selector.js';

/** Stable names of what can be wrong with the selectors of rules. */
export const selectorFaults = ['unknown-selector', 'duplicate-selector'] as const;

/** A rule that stands beside the protos, in the `http.rules` of a google.api.Service. Plain data. */
export interface ExternalRule extends HttpRule {
  /** Methods and wildcards, separated by commas: `pkg.Service.Method`, `pkg.Service.*`, `pkg.*`, `*`. Empty in additional_bindings. */
  readonly selector: string;
  readonly additionalBindings: readonly ExternalRule[];
  /** Where its selector is written. */
  readonly selectorAt: Location;
  /** Where its pattern is written. */
  readonly where: Location;
}

/** Which external rule each method has. */
export interface SelectedRules {
  of(method: MethodType): ExternalRule | undefined;
  /** Selectors that select nothing, or stand in one file twice. */
  readonly refused: readonly Problem[];
  /** Rules that never apply. */
  readonly warnings: readonly Problem[];
}

/** One of the selectors of a rule. */
interface Selector {
  readonly text: string;
  readonly rule: ExternalRule;
  /** Place of the rule in the list. */
  readonly at: number;
}

/**
 * Gives each method the last rule that selects it, however specific the selectors are: "All service configuration rules follow 'last one wins'
 * order" (google.api.Http). Selectors are those of google.api.DocumentationRule.
 */
export function selectRules(rules: readonly ExternalRule[], methods: readonly MethodType[]): SelectedRules {
  const selectors = rules.flatMap((rule, at) => rule.selector.split(',').map((text): Selector => ({ text: text.trim(), rule, at })));
  const last = new Map(selectors.map((selector) => [selector.text, selector]));
  const met = new Set<string>();
  const chosen = new Map<MethodType, ExternalRule>();
  for (const method of methods) {
    let winner: Selector | undefined;
    for (const text of selectorsOf(method.name)) {
      const selector = last.get(text);
      if (selector === undefined) continue;
      met.add(text);
      if (winner === undefined || selector.at > winner.at) winner = selector;
    }
    if (winner !== undefined) chosen.set(method, winner.rule);
  }
  const idle = selectors.filter(({ text }) => !met.has(text));
  const services = new Map(methods.map(({ service }) => [service.name, service]));
  const explained = new Set([...chosen.values(), ...idle.map(({ rule }) => rule)]);
  return {
    of: (method) => chosen.get(method),
    refused: [
      ...idle.map((selector, i) => selectsNothing(selector, i < MAX_HINTS ? meant(selector.text, services) : undefined)),
      ...repeated(selectors),
    ],
    warnings: rules.filter((rule) => !explained.has(rule)).map(overruled),
  };
}

/** A hint compares a word with many names; of the wrong file every selector is unknown. */
const MAX_HINTS = 10;

function selectsNothing(selector: Selector, near: string | undefined): Problem {
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return refusal(selector, 'unknown-selector', `none of the loaded services has such a method${hint}`);
}

function refusal({ text, rule }: Selector, fault: (typeof selectorFaults)[number], reason: string): Problem {
  return { severity: 'error', ...rule.selectorAt, subject: text, reason, rule: fault };
}

/** The selector that is nearest to one of no method: of the nearest service the nearest method. */
function meant(text: string, services: ReadonlyMap<string, ServiceType>): string | undefined {
  const names = [...services.keys()];
  if (names.some((name) => name === text || name.startsWith(`${text}.`))) return `${text}.*`;
  const dot = text.lastIndexOf('.');
  const [said, method] = [text.slice(0, Math.max(dot, 0)), text.slice(dot + 1)];
  const service = services.get(services.has(said) ? said : (nearest(said, names) ?? ''));
  if (service === undefined) return undefined;
  const near =
    method === '*'
      ? method
      : nearest(
          method,
          service.methods.map(({ protoName }) => protoName),
        );
  return near === undefined ? undefined : `${service.name}.${near}`;
}

function repeated(selectors: readonly Selector[]): Problem[] {
  const seen = new Map<string, Selector>();
  const found: Problem[] = [];
  for (const selector of selectors) {
    const id = `${selector.rule.where.file}\n${selector.text}`;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, selector);
    else {
      const { line } = first.rule.selectorAt;
      const reason = `has a rule already, in line ${line} of this file: put this one into its additional_bindings`;
      found.push(refusal(selector, 'duplicate-selector', reason));
    }
  }
  return found;
}

function overruled({ selector, selectorAt }: ExternalRule): Problem {
  return { severity: 'warning', ...selectorAt, subject: selector, reason: 'this rule never applies: each of its methods has a later one' };
}
