import type { Problem } from '../../proto/problem.js';
import type { Schema } from '../../proto/schema.js';
import type { Binding, RouteTable } from '../binding.js';
import { describeWhole } from '../describe.js';
import { insert, Node } from '../route-trie.js';
import { type Notice, notices } from '../rule.js';
import { AMBIGUOUS_KEY, ambiguousKeys } from './ambiguous-key.js';
import { deleteBody, patchMask, splitMessage } from './body.js';
import { ownPath, takenPaths } from './own-path.js';
import { report } from './report.js';
import { requiredField } from './required.js';
import type { Routes, Rule } from './routes.js';
import { shadowed } from './shadowed.js';
import { literalSwallows } from './swallow.js';
import { unreachable } from './unreachable.js';
import { swallowedByVerbs, verbSwallows } from './verb.js';
import { streamsByPath, webSocketTie } from './web-socket-tie.js';

/** The rules for bindings by the names that findings have. Legal, but seldom what is meant: all their findings are warnings. */
export const rules = {
  'unreachable-route': unreachable,
  'shadowed-route': shadowed,
  'literal-swallows-id': literalSwallows,
  'verb-swallows-id': verbSwallows,
  'own-path': ownPath,
  'required-field': requiredField,
  'delete-body': deleteBody,
  'split-message': splitMessage,
  'patch-without-mask': patchMask,
  'websocket-tie': webSocketTie,
} as const satisfies Readonly<Record<string, Rule>>;

/** Name of what is warned of: by a rule here, or where rules of HTTP are compiled. */
export type RuleName = keyof typeof rules | typeof AMBIGUOUS_KEY | Notice['rule'];

/** The names of all that is warned of. */
export const ruleNames: readonly RuleName[] = [
  ...notices,
  ...Object.keys(rules).filter((name): name is keyof typeof rules => name in rules),
  AMBIGUOUS_KEY,
];

/**
 * What is legal in the routes of a schema and their messages and probably not meant, in order of bindings. Time grows with the number of bindings.
 *
 * @param ownPaths paths that the gateway answers itself unless a binding takes them
 */
export function lint(schema: Schema, table: RouteTable, ownPaths: readonly string[]): Problem[] {
  const routes = createRoutes(schema, table, ownPaths);
  const odd = table.bindings.flatMap((binding) => findings(binding, routes).map(([rule, reason]) => report(schema, binding, rule, reason)));
  return [...odd, ...ambiguousKeys(schema, table.bindings)];
}

function findings(binding: Binding, routes: Routes): (readonly [rule: string, reason: string])[] {
  const found: (readonly [string, string])[] = [];
  for (const [name, rule] of Object.entries(rules)) {
    const reason = rule(binding, routes);
    if (reason !== undefined) found.push([name, reason]);
  }
  const isDead = found.some(([name]) => name === 'unreachable-route');
  return isDead ? found.filter(([name]) => name !== 'shadowed-route') : found;
}

function createRoutes(schema: Schema, table: RouteTable, ownPaths: readonly string[]): Routes {
  const root = new Node();
  let longest = 0;
  for (const binding of table.bindings) {
    insert(root, binding);
    longest = Math.max(longest, binding.template.segments.length);
  }
  return {
    ...{ table, root, longest },
    taken: takenPaths(table, ownPaths),
    swallowed: swallowedByVerbs(table, root),
    streams: streamsByPath(table.bindings),
    name: (binding) => describeWhole(schema, binding),
  };
}
