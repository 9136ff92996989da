import { nearest } from '../proto/nearest.js';
import type { Problem } from '../proto/problem.js';
import type { Location, MethodType, ServiceType } from '../proto/schema.js';
import type { HttpRule } from './http-rule.js';
import { selectorsOf } from './selector.js';

/** A rule that stands beside the protos, in the `http.rules` of a google.api.Service. Plain data. */
export interface ExternalRule extends HttpRule {
  /** Methods and wildcards, separated by commas: `pkg.Service.Method`, `pkg.Service.*`, `pkg.*`, `*`. Empty in additional_bindings. */
  readonly selector: string;
  readonly additionalBindings: readonly ExternalRule[];
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

function selectsNothing({ text, rule }: Selector, near: string | undefined): Problem {
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return { severity: 'error', ...rule.where, subject: text, reason: `none of the loaded services has such a method${hint}` };
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
  return selectors.flatMap((selector): Problem[] => {
    const { text, rule } = selector;
    const id = `${rule.where.file}\n${text}`;
    const first = seen.get(id);
    if (first === undefined) seen.set(id, selector);
    return first === undefined
      ? []
      : [
          {
            severity: 'error',
            ...rule.where,
            subject: text,
            reason: `has a rule already, in line ${first.rule.where.line} of this file: put this one into its additional_bindings`,
          },
        ];
  });
}

function overruled({ selector, where }: ExternalRule): Problem {
  return { severity: 'warning', ...where, subject: selector, reason: 'this rule never applies: each of its methods has a later one' };
}
