import { selects, specificity } from '../../annotations/selector.js';
import type { Problem } from '../../proto/problem.js';
import type { MethodType } from '../../proto/schema.js';
import { type PolicyRule, type PolicySettings, policyDefaults } from '../config/config.js';
import type { Homes } from './homes.js';

/** Everything that can be set for a method, resolved at load. Frozen; methods with the same settings share one. */
export type Policy = PolicySettings;

/** The policies of a schema's methods. */
export interface Policies {
  of(method: MethodType): Policy;
  /** What the rules for `*` say, where there is no method. */
  readonly everywhere: Policy;
  /** The upstreams that all claim or offer the method's service, where nothing says which one it goes to; otherwise none. */
  contested(method: MethodType): readonly string[];
}

/**
 * Resolves the rules. For each setting the most specific selector that sets it wins: `pkg.Service.Method`, then the longest `prefix.*`, then `*`;
 * of two equal selectors the later one. Where none sets `upstream`, a method goes where its service is at home.
 * Selectors that select nothing are warned of.
 *
 * @param fallbacks what holds where no rule says otherwise
 */
export function resolvePolicies(
  rules: readonly PolicyRule[],
  methods: readonly MethodType[],
  homes: Homes,
  fallbacks: PolicySettings = policyDefaults,
): { policies: Policies; warnings: Problem[] } {
  const bySpecificity = rules.toSorted((a, b) => specificity(a.select) - specificity(b.select));
  const resolved = new Map<string, Policy>();
  const byRules = new Map<string, Policy>();
  const used = new Set<PolicyRule>();
  const contested = new Set<string>();
  for (const method of methods) {
    const applying = bySpecificity.filter((rule) => selects(rule.select, method.name));
    for (const rule of applying) used.add(rule);
    const at = homes(method.service);
    if (at.length > 1 && !applying.some(({ upstream }) => upstream !== undefined)) contested.add(method.name);
    const key = JSON.stringify([at[0], applying.map((rule) => rules.indexOf(rule))]);
    const policy = byRules.get(key) ?? merge(applying, fallbacks, at[0]);
    byRules.set(key, policy);
    resolved.set(method.name, policy);
  }
  const everywhere = merge(
    rules.filter(({ select }) => select === '*'),
    fallbacks,
  );
  return {
    policies: {
      of: (method) => resolved.get(method.name) ?? everywhere,
      everywhere,
      contested: ({ name, service }) => (contested.has(name) ? homes(service) : []),
    },
    warnings: rules.filter((r) => !used.has(r)).map(unused),
  };
}

/** Largest message that a call of the method may bring, bytes. */
export function messageLimit(method: Pick<MethodType, 'serverStream'>, { maxReply, maxItem }: PolicySettings): number {
  return method.serverStream ? (maxItem ?? maxReply) : maxReply;
}

/** Largest message of a client's stream, bytes. */
export function itemLimit({ maxBody, maxItem }: PolicySettings): number {
  return maxItem ?? maxBody;
}

/** Longest time of a call of the method, ms; Infinity = as long as the client wants. */
export function timeLimit(
  { clientStream, serverStream }: Pick<MethodType, 'clientStream' | 'serverStream'>,
  { deadlineMs, streamDeadlineMs }: PolicySettings,
): number {
  return clientStream || serverStream ? (streamDeadlineMs ?? Number.POSITIVE_INFINITY) : deadlineMs;
}

function merge(applying: readonly PolicyRule[], fallbacks: PolicySettings, home: string = fallbacks.upstream): Policy {
  return Object.freeze(Object.assign({ ...fallbacks, upstream: home }, ...applying.map(({ select: _, ...settings }) => settings)));
}

function unused(rule: PolicyRule): Problem {
  return { severity: 'warning', subject: `policy "${rule.select}"`, reason: 'selects no method of the loaded services' };
}
