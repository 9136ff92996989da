import { test } from 'tap';
import { lint } from '../../../annotations/lint/lint.js';
import { createRouteTable } from '../../../annotations/table.js';
import { bindingsOf, schema } from '../../support/routes.js';

/** So many routes in so many ms of the processor: several times what it takes; a square of it is far beyond. */
const N = 15_000;
const LIMIT_MS = 30_000;

const half = Array.from({ length: N / 2 }, (_, i) => i);

/** Templates of literals and variables in all combinations. */
function combinations(length: number): string[] {
  const variables = ['{a}', '{b}', '{c}', '{d}', '{m.a}', '{m.b}', '{m.m.a}', '{m.m.b}'];
  let all = ['/v1'];
  for (let i = 0; i < length; i += 1) all = all.flatMap((path) => [`${path}/x${i}`, `${path}/y${i}`, `${path}/${variables[i] ?? '*'}`]);
  return all;
}

const rows: readonly (readonly [name: string, templates: readonly string[]])[] = [
  ['that have nothing in common', Array.from({ length: N }, (_, i) => `/v1/a${i}/{a}`)],
  ['that all cross each other', half.flatMap((i) => [`/{a}/x${i}`, `/y${i}/{b}`])],
  ['that seem to cross each other', half.flatMap((i) => [`/{n}/x${i}`, `/y${i}/{b}`])],
  ['that all end in a verb', half.flatMap((i) => [`/v1/{a}:x${i}`, `/v1/y${i}/{b=**}:x${i}`])],
  ['that all match anything', half.flatMap((i) => [`/{a=**}/x${i}`, `/v1/x${i}/{b=**}`])],
  ['of literals and variables in all combinations', combinations(8)],
];

for (const [name, templates] of rows) {
  test(`time grows with the number of routes, of those ${name}`, (t) => {
    const table = createRouteTable(bindingsOf(...templates.map((template) => `GET ${template}`)));
    const before = process.cpuUsage();
    const found = lint(schema, table, ['/healthz']);
    const ms = Math.round(process.cpuUsage(before).user / 1000);
    t.ok(ms < LIMIT_MS, `${templates.length} routes, ${found.length} findings, ${ms} ms`);
    t.end();
  });
}
