import { test } from 'tap';
import type { Binding } from '../../annotations/binding.js';
import { compileBindings } from '../../annotations/compile.js';
import { lint } from '../../annotations/lint/lint.js';
import { createRouteTable } from '../../annotations/table.js';
import { link } from '../../proto/link.js';
import { printProblem } from '../../proto/problem.js';
import { compileGoogleapis } from '../support/googleapis.js';

const linked = link([{ origin: 'googleapis', version: '', files: compileGoogleapis() }]);
if (!linked.ok) throw new Error(linked.problems.map(printProblem).join('\n'));
const schema = linked.value;
const compiled = compileBindings(schema, { invalidRules: 'skip', conflicts: 'first' });
if (!compiled.ok) throw new Error(compiled.problems.map(printProblem).join('\n'));
const allBindings = compiled.value;

test('all of googleapis links without a warning', async (t) => {
  t.strictSame(linked.warnings, []);
  t.ok(linked.value.methods.length > 13_000, `${linked.value.methods.length} methods`);
});

/** `/v1/{name=a/*}:x` and `/v1/a/{b}:x` -> `/v1/a/*:x`, by text alone. */
function erase(template: string): string {
  return template.replace(/\{[^=}]*\}/g, '*').replace(/\{[^=}]*=([^}]*)\}/g, '$1');
}

const conflict = /^(\w+) "(.*)": takes the same requests as (\w+) "(.*)" of /;

test('every rule is accepted, or breaks the grammar, or is a true conflict', async (t) => {
  t.ok(compiled.value.length > 14_000, `${compiled.value.length} bindings`);
  const conflicts = compiled.warnings.filter(({ reason }) => conflict.test(reason));
  for (const { reason } of conflicts) {
    const [, method, loser = '', rival, winner = ''] = conflict.exec(reason) ?? [];
    t.equal(method, rival, reason);
    t.equal(erase(loser), erase(winner), reason);
  }
  const illegal = compiled.warnings.filter(({ reason }) => !conflict.test(reason));
  t.strictSame(
    illegal.map(({ subject, reason }) => `${subject} ${reason.replace(/; this rule is left out$/, '')}`),
    [
      'google.devtools.remoteworkers.v1test2.Bots.UpdateBotSession PATCH "/v1test2/{name=**/botSessions/*}": column 31',
      'google.firestore.v1.Firestore.ListDocuments GET "/v1/{parent=projects/*/databases/*/documents/*/**}/{collection_id}": column 52',
      'google.firestore.v1.Firestore.CreateDocument POST "/v1/{parent=projects/*/databases/*/documents/**}/{collection_id}": column 50',
      'google.firestore.v1beta1.Firestore.ListDocuments GET "/v1beta1/{parent=projects/*/databases/*/documents/*/**}/{collection_id}": column 57',
      'google.firestore.v1beta1.Firestore.CreateDocument POST "/v1beta1/{parent=projects/*/databases/*/documents/**}/{collection_id}": column 55',
    ].map((rule) => `${rule}: only literals can follow "**"`),
  );
});

/** A path with a value of its own for each wildcard, and what the variables should capture. */
function expand({ template: { segments, verb }, captures }: Binding): { path: string; values: string[] } {
  const parts = segments.map((segment, i) =>
    segment.kind === 'literal' ? segment.text : segment.kind === 'single' ? `v${i}` : `m${i}/n${i}`,
  );
  const values = captures.map(({ start, end }) => parts.slice(start, end).join('/'));
  return { path: `/${parts.join('/')}${verb === undefined ? '' : `:${verb}`}`, values };
}

test('a request made from each template matches its own binding', async (t) => {
  const table = createRouteTable(compiled.value);
  for (const binding of compiled.value) {
    const { path, values } = expand(binding);
    const match = table.match(binding.httpMethod, path);
    if (match.kind !== 'hit' || match.binding !== binding || match.captures.join() !== values.join()) {
      t.fail(`${binding.httpMethod} ${path} does not match ${binding.template.text}`);
    }
  }
});

/** How many warnings of each rule the lint has of the methods in a folder; rules without any are left out. */
function countWarnings(folder: string): Readonly<Record<string, number>> {
  const bindings = allBindings.filter(({ method }) => method.service.file.startsWith(folder));
  const counts = new Map<string, number>();
  for (const { rule = '' } of lint(schema, createRouteTable(bindings), ['/healthz', '/openapi.json']))
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return Object.fromEntries(counts);
}

test('the lint warns of some rules of APIs that are in use, each for itself', async (t) => {
  const rows: readonly (readonly [folder: string, counts: Readonly<Record<string, number>>])[] = [
    ['google/bigtable/', {}],
    ['google/logging/', {}],
    ['google/pubsub/', {}],
    ['google/firestore/', { 'patch-without-mask': 2 }],
    ['google/cloud/compute/v1/', { 'shadowed-route': 1, 'literal-swallows-id': 11, 'patch-without-mask': 69 }],
  ];
  for (const [folder, counts] of rows) t.strictSame(countWarnings(folder), counts, folder);
});

test('the lint looks at all of them at once in seconds', async (t) => {
  const before = process.cpuUsage();
  const found = lint(schema, createRouteTable(compiled.value), ['/healthz', '/openapi.json']);
  const ms = Math.round(process.cpuUsage(before).user / 1000);
  t.ok(ms < 30_000, `${ms} ms of the processor`);
  t.ok(found.length > 200 && found.length < 400, `${found.length} warnings`);
  t.ok(
    found.every(
      ({ severity, file, line, rule }) => severity === 'warning' && file !== undefined && line !== undefined && rule !== undefined,
    ),
    'each has its place and rule',
  );
});
