import fc from 'fast-check';
import { test } from 'tap';
import type { Binding } from '../../../annotations/binding.js';
import { shapeOf } from '../../../annotations/conflict.js';
import { lint } from '../../../annotations/lint/lint.js';
import { createRouteTable } from '../../../annotations/table.js';
import { bindingsOf, schema } from '../../support/routes.js';

/** Up to three segments, `**` at most once and then only literals, and perhaps a verb. */
const template = fc
  .tuple(fc.array(fc.constantFrom('x', 'y', '*', '*', '**'), { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', ':lock'))
  .map(([segments, verb]) => {
    const multi = segments.indexOf('**');
    const legal = segments.map((segment, i) => (multi >= 0 && i > multi && segment.startsWith('*') ? 'x' : segment));
    return `/${legal.join('/')}${verb}`;
  });

/** Every path of up to five segments, more than templates have, of their literals and another text, without and with the verb; and the root. */
const paths = ['/', '/:lock', ...[1, 2, 3, 4, 5].flatMap(pathsOf).flatMap((path) => [path, `${path}:lock`])];

function pathsOf(length: number): string[] {
  if (length === 0) return [''];
  return pathsOf(length - 1).flatMap((path) => ['x', 'y', 'v'].map((segment) => `${path}/${segment}`));
}

/** The paths that each binding would get if it were alone, and those that it gets. */
function shares(bindings: readonly Binding[]) {
  const table = createRouteTable(bindings);
  const winners = new Map(paths.map((path) => [path, winner(table, path)]));
  const alone = new Map(bindings.map((binding) => [binding, new Set(paths.filter((path) => winner(createRouteTable([binding]), path)))]));
  return { table, winners, alone };
}

function winner(table: ReturnType<typeof createRouteTable>, path: string): Binding | undefined {
  const match = table.match('GET', path);
  return match.kind === 'hit' ? match.binding : undefined;
}

function distinct(templates: readonly string[]): Binding[] {
  const byShape = new Map(bindingsOf(...templates.map((text) => `GET ${text}`)).map((binding) => [shapeOf(binding.template), binding]));
  return [...byShape.values()];
}

const tables = fc.array(template, { minLength: 2, maxLength: 6 });

test('a route is called unreachable if, of all paths, none gets to it', (t) => {
  const check = fc.property(tables, (templates) => {
    const bindings = distinct(templates);
    const { table, winners } = shares(bindings);
    const found = lint(schema, table, []).filter(({ rule }) => rule === 'unreachable-route');
    const reached = new Set(winners.values());
    const expected = bindings.filter((binding) => !reached.has(binding));
    return found.map(({ reason }) => textOf(reason)).join() === expected.map((binding) => binding.template.text).join();
  });
  t.doesNotThrow(() => fc.assert(check, { numRuns: 150 }));
  t.end();
});

test('a route without ** is called shadowed if a path that it matches gets to one that also matches paths that it does not', (t) => {
  const check = fc.property(tables, (templates) => {
    const bindings = distinct(templates);
    const { table, winners, alone } = shares(bindings);
    const found = lint(schema, table, []).filter(({ rule }) => rule === 'shadowed-route' || rule === 'unreachable-route');
    const named = new Set(found.map(({ reason }) => textOf(reason)));
    const isLost = (binding: Binding, path: string) => {
      const [own, taker] = [alone.get(binding), winners.get(path)];
      const its = taker && alone.get(taker);
      const isOfVerb = path.endsWith(':lock') === (binding.template.verb !== undefined);
      return taker !== binding && isOfVerb && own?.has(path) === true && its !== undefined && [...its].some((other) => !own.has(other));
    };
    const shadowed = bindings.filter((b) => !b.template.text.includes('**') && paths.some((path) => isLost(b, path)));
    const examples = found.map(({ reason }) => ({ text: textOf(reason), path: /: "(\S+)" goes to /.exec(reason)?.[1] }));
    const isTrue = examples.every(
      ({ text, path }) => path === undefined || bindings.some((b) => b.template.text === text && winners.get(path) !== b),
    );
    return isTrue && shadowed.every((binding) => named.has(binding.template.text));
  });
  t.doesNotThrow(() => fc.assert(check, { numRuns: 150 }));
  t.end();
});

function textOf(reason: string): string {
  return /^GET "(.*?)":/.exec(reason)?.[1] ?? '';
}
