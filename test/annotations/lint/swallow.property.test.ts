import fc from 'fast-check';
import { test } from 'tap';
import type { Binding, RouteTable } from '../../../annotations/binding.js';
import { shapeOf } from '../../../annotations/conflict.js';
import { lint } from '../../../annotations/lint/lint.js';
import { createRouteTable } from '../../../annotations/table.js';
import { bindingsOf, schema } from '../../support/routes.js';

/** Their names say that they may have colons. */
const fields = ['uri', 'arn', 'urn'];

/** Variables by their place, or literals, and perhaps a verb; each rule calls a method of another kind than the one before. */
const rule = fc
  .tuple(
    fc.array(fc.constantFrom('x', 'y', '*', '*'), { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', ':lock'),
    fc.constantFrom('GET', 'POST'),
  )
  .map(([segments, verb, method]) => `${method} /${segments.map((s, i) => (s === '*' ? `{${fields[i]}}` : s)).join('/')}${verb}`);

const tables = fc.array(rule, { minLength: 2, maxLength: 5 }).map((rules) => {
  const kinds = ['Unary', 'Server', 'Watch', 'Client', 'Bidi'];
  const bindings = bindingsOf(...rules.map((text, i) => `${text} ${kinds[i] ?? 'Unary'}`));
  return [...new Map(bindings.map((binding) => [`${binding.httpMethod} ${shapeOf(binding.template)}`, binding])).values()];
});

/** A path of a template, every variable of which is `v`. */
function pathOf({ template: { segments, verb } }: Binding): string {
  return `/${segments.map((s) => (s.kind === 'literal' ? s.text : 'v')).join('/')}${verb === undefined ? '' : `:${verb}`}`;
}

/** What a route would capture of a path if it were alone. */
function capturesAlone(binding: Binding, path: string): readonly string[] {
  const match = createRouteTable([binding]).match(binding.httpMethod, path);
  return match.kind === 'hit' ? match.captures : [];
}

function gets(table: RouteTable, binding: Binding, path: string): boolean {
  const match = table.match(binding.httpMethod, path);
  return match.kind === 'hit' && match.binding === binding;
}

/** The pairs that findings of a rule name: who takes what, from whom. */
function pairs(bindings: readonly Binding[], name: string, pattern: RegExp) {
  const find = (text: string) => bindings.find((b) => `${b.httpMethod} "${b.template.text}"` === text);
  return lint(schema, createRouteTable(bindings), [])
    .filter((problem) => problem.rule === name)
    .map(({ reason }) => pattern.exec(reason) ?? [])
    .map(([, taker = '', id = '', victim = '']) => ({ taker: find(taker), id, victim: find(victim) }));
}

const rows = [
  ['a literal', 'literal-swallows-id', /^(\S+ "\S+"): takes the id "(\w+)" from (\S+ "\S+") of /],
  ['a verb', 'verb-swallows-id', /^(\S+ "\S+"): takes the ids that end in "(:\w+)" from (\S+ "\S+") of /],
] as const;

for (const [what, name, pattern] of rows) {
  test(`an id that ${what} is said to swallow is one that the other route would get, and does not`, (t) => {
    let seen = 0;
    const check = fc.property(tables, (bindings) => {
      const table = createRouteTable(bindings);
      return pairs(bindings, name, pattern).every(({ taker, id, victim }) => {
        seen += 1;
        if (taker === undefined || victim === undefined) return false;
        const path = pathOf(taker);
        return capturesAlone(victim, path).some((text) => text.endsWith(id)) && !gets(table, victim, path);
      });
    });
    t.doesNotThrow(() => fc.assert(check, { numRuns: 300 }));
    t.ok(seen > 0, `${seen} findings`);
    t.end();
  });
}
