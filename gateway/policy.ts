import type { Problem } from '../proto/problem.js';
import type { MethodType } from '../proto/schema.js';
import { type PolicyRule, type PolicySettings, policyDefaults } from './config.js';

/** Everything that can be set for a method, resolved at load. Frozen; methods with the same settings share one. */
export interface Policy extends PolicySettings {
  /** A rule set `deadlineMs`, so that it holds for streams too; the default is for unary calls alone. */
  readonly streamDeadlineMs: number;
}

/** The policies of a schema's methods. */
export interface Policies {
  of(method: MethodType): Policy;
}

/**
 * Resolves the rules. For each setting the most specific selector that sets it wins: `pkg.Service.Method`, then the longest `prefix.*`, then `*`;
 * of two equal selectors the later one. Selectors that select nothing are warned of.
 */
export function resolvePolicies(rules: readonly PolicyRule[], methods: readonly MethodType[]): { policies: Policies; warnings: Problem[] } {
  const bySpecificity = rules.toSorted((a, b) => specificity(a.select) - specificity(b.select));
  const resolved = new Map<string, Policy>();
  const byRules = new Map<string, Policy>();
  const used = new Set<PolicyRule>();
  for (const method of methods) {
    const applying = bySpecificity.filter((rule) => selects(rule.select, method.name));
    for (const rule of applying) used.add(rule);
    const key = applying.map((rule) => rules.indexOf(rule)).join();
    const policy = byRules.get(key) ?? merge(applying);
    byRules.set(key, policy);
    resolved.set(method.name, policy);
  }
  const fallback = merge([]);
  return { policies: { of: (method) => resolved.get(method.name) ?? fallback }, warnings: rules.filter((r) => !used.has(r)).map(unused) };
}

/** Whether a selector covers a method, given by its full name. */
export function selects(selector: string, method: string): boolean {
  if (selector === '*') return true;
  return selector.endsWith('.*') ? method.startsWith(selector.slice(0, -1)) : method === selector;
}

function specificity(selector: string): number {
  if (selector === '*') return 0;
  return selector.endsWith('.*') ? selector.length : Number.POSITIVE_INFINITY;
}

function merge(applying: readonly PolicyRule[]): Policy {
  const settings: PolicySettings = Object.assign({}, policyDefaults, ...applying.map(({ select: _, ...settings }) => settings));
  const isSet = applying.some((rule) => rule.deadlineMs !== undefined);
  return Object.freeze({ ...settings, streamDeadlineMs: isSet ? settings.deadlineMs : Number.POSITIVE_INFINITY });
}

function unused(rule: PolicyRule): Problem {
  return { severity: 'warning', subject: `policy "${rule.select}"`, reason: 'selects no method of the loaded services' };
}
