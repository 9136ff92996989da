import type { Binding } from '../../annotations/binding.js';
import type { Problem } from '../../proto/problem.js';
import type { MethodType } from '../../proto/schema.js';
import type { Policies } from './policy.js';
import { isServed } from './restricted.js';

/** Methods that could be served, and have no HTTP rule. */
export interface Unruled {
  readonly methods: readonly MethodType[];
  /** How many could be served, those with rules among them. */
  readonly of: number;
}

/**
 * Finds the methods without rules.
 *
 * @param warnings of the rules: one that was left out is told of under the name of its method
 */
export function findUnruled(
  methods: readonly MethodType[],
  policies: Policies,
  bindings: readonly Binding[],
  warnings: readonly Problem[],
): Unruled {
  const ruled = new Set<string>([...bindings.map(({ method }) => method.name), ...warnings.map(({ subject }) => subject)]);
  const meant = methods.filter((method) => isServed(method, policies));
  return { methods: meant.filter(({ name }) => !ruled.has(name)), of: meant.length };
}

/** Says in one line how many methods have no rule; undefined if each has one. */
export function unruledNote({ methods: { length }, of }: Unruled): string | undefined {
  if (length === 0) return undefined;
  const [have, them] = length === 1 ? ['has', 'it'] : ['have', 'them'];
  return `${length} of ${of} method${of === 1 ? '' : 's'} ${have} no rule: "protogate routes --all" lists ${them}`;
}
