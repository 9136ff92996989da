import { test } from 'tap';
import { type BindingOptions, compileBindings } from '../../annotations/compile.js';
import { type ExternalRule, selectRules } from '../../annotations/external-rules.js';
import { selectorsOf, selects } from '../../annotations/selector.js';
import { printProblem } from '../../proto/problem.js';
import { schemaOf } from '../support/schema.js';

const schema = schemaOf({
  'a.proto': `syntax = "proto3"; package a.v1; import "google/api/annotations.proto";
message M { string id = 1; M inner = 2; }
service S {
  rpc Get(M) returns (M) { option (google.api.http) = { get: "/proto/{id}" additional_bindings { get: "/proto/2/{id}" } }; }
  rpc Make(M) returns (M);
}
service T { rpc Get(M) returns (M); }`,
});

let line = 0;

/** A rule in the next line of `rules.yaml`, or of another file. */
function rule(selector: string, path: string, more: Partial<ExternalRule> = {}): ExternalRule {
  line += 1;
  const where = { file: 'rules.yaml', line, column: 3 };
  return { selector, httpMethod: 'GET', path, body: '', responseBody: '', additionalBindings: [], selectorAt: where, where, ...more };
}

function chosen(...rules: ExternalRule[]): readonly (string | undefined)[] {
  const selected = selectRules(rules, schema.methods);
  return schema.methods.map((method) => selected.of(method)?.path);
}

const selectors: readonly (readonly [sentence: string, selectors: readonly string[], paths: readonly (string | undefined)[]])[] = [
  ['a method by its full name', ['a.v1.S.Make'], [undefined, '/0', undefined]],
  ['all methods of a service', ['a.v1.S.*'], ['/0', '/0', undefined]],
  ['a wildcard matches one or more components', ['a.*'], ['/0', '/0', '/0']],
  ['everything', ['*'], ['/0', '/0', '/0']],
  ['several, separated by commas', ['a.v1.S.Make, a.v1.T.*'], [undefined, '/0', '/0']],
  ['the last one wins, exact after wildcard', ['a.*', 'a.v1.S.Get'], ['/1', '/0', '/0']],
  ['the last one wins, wildcard after exact', ['a.v1.S.Get', 'a.*'], ['/1', '/1', '/1']],
  ['the last one wins, of two wildcards', ['a.v1.S.*', '*', 'a.v1.T.*'], ['/1', '/1', '/2']],
];

for (const [sentence, patterns, paths] of selectors) {
  test(`selectors: ${sentence}`, async (t) => t.strictSame(chosen(...patterns.map((pattern, i) => rule(pattern, `/${i}`))), paths));
}

test('the selectors that cover a name are those that select it', async (t) => {
  const covering = selectorsOf('a.v1.S.Get');
  t.strictSame(covering, ['a.v1.S.Get', 'a.v1.S.*', 'a.v1.*', 'a.*', '*']);
  t.ok(covering.every((selector) => selects(selector, 'a.v1.S.Get')));
});

function bindings(rules: readonly ExternalRule[], mode: 'override' | 'add', more: Partial<BindingOptions> = {}): readonly string[] {
  const result = compileBindings(schema, { invalidRules: 'error', conflicts: 'error', external: { rules, mode }, ...more });
  if (!result.ok) return result.problems.map((problem) => printProblem(problem).replaceAll(/yaml:\d+/g, 'yaml:LINE'));
  return result.value.map((b) => `${b.method.name} ${b.index} ${b.origin} ${b.httpMethod} ${b.template.text}`);
}

const more = rule('a.v1.S.Get', '/file/{id}', { additionalBindings: [rule('', '/file/2/{id}', { httpMethod: 'PUT', body: '*' })] });
const proto = ['a.v1.S.Get 0 proto GET /proto/{id}', 'a.v1.S.Get 1 proto GET /proto/2/{id}'];

test('a rule takes the place of what the proto says, additional bindings and all', async (t) => {
  t.strictSame(bindings([more], 'override'), ['a.v1.S.Get 0 rules GET /file/{id}', 'a.v1.S.Get 1 rules PUT /file/2/{id}']);
  t.strictSame(bindings([rule('a.v1.T.Get', '/t')], 'override'), [...proto, 'a.v1.T.Get 0 rules GET /t']);
});

test('or stands behind it', async (t) => {
  t.strictSame(bindings([more], 'add'), [...proto, 'a.v1.S.Get 2 rules GET /file/{id}', 'a.v1.S.Get 3 rules PUT /file/2/{id}']);
});

test('a method that has a rule is not unbound, and one that is not exposed has none', async (t) => {
  const rules = [rule('a.v1.T.Get', '/t')];
  const unbound = 'a.v1.S.Make 0 unbound POST /a.v1.S/Make';
  t.strictSame(bindings(rules, 'add', { unbound: () => true }), [...proto, unbound, 'a.v1.T.Get 0 rules GET /t']);
  t.strictSame(bindings(rules, 'override', { expose: ({ name }) => name !== 'a.v1.T.Get' }), proto);
});

const illegal: readonly (readonly [
  sentence: string,
  rules: readonly ExternalRule[],
  mode: 'override' | 'add',
  problems: readonly string[],
])[] = [
  [
    'a selector of no method, with the nearest',
    [
      ...['a.v1.S.Gte', 'a.v2.S.Make', 'a.v2.T.*', 'a.v1.S', 'a.v1', 'a.v1.S.Zzzzzzzz', 'zzzzzzzzzzzzzz.Get', 'Get'].map((selector) =>
        rule(selector, '/x'),
      ),
    ],
    'override',
    [
      'rules.yaml:LINE:3: a.v1.S.Gte: none of the loaded services has such a method; did you mean "a.v1.S.Get"?',
      'rules.yaml:LINE:3: a.v2.S.Make: none of the loaded services has such a method; did you mean "a.v1.S.Make"?',
      'rules.yaml:LINE:3: a.v2.T.*: none of the loaded services has such a method; did you mean "a.v1.T.*"?',
      'rules.yaml:LINE:3: a.v1.S: none of the loaded services has such a method; did you mean "a.v1.S.*"?',
      'rules.yaml:LINE:3: a.v1: none of the loaded services has such a method; did you mean "a.v1.*"?',
      'rules.yaml:LINE:3: a.v1.S.Zzzzzzzz: none of the loaded services has such a method',
      'rules.yaml:LINE:3: zzzzzzzzzzzzzz.Get: none of the loaded services has such a method',
      'rules.yaml:LINE:3: Get: none of the loaded services has such a method',
    ],
  ],
  [
    'a bad template',
    [rule('a.v1.T.Get', 'x')],
    'override',
    ['rules.yaml:LINE:3: a.v1.T.Get: GET "x": column 1: a template begins with "/"'],
  ],
  [
    'an unknown field',
    [rule('a.v1.T.Get', '/{x}'), rule('a.v1.S.Make', '/', { httpMethod: 'POST', body: 'x' })],
    'override',
    [
      'rules.yaml:LINE:3: a.v1.S.Make: POST "/": body: a.v1.M has no field "x"',
      'rules.yaml:LINE:3: a.v1.T.Get: GET "/{x}": column 3: a.v1.M has no field "x"',
    ],
  ],
  [
    'no pattern',
    [rule('a.v1.T.Get', '', { httpMethod: '' })],
    'override',
    ['rules.yaml:LINE:3: a.v1.T.Get: a rule without pattern: no HTTP method and path is given'],
  ],
  [
    'a conflict of a wildcard with itself',
    [rule('a.v1.S.*', '/x')],
    'override',
    ['rules.yaml:LINE:3: a.v1.S.Make: GET "/x": takes the same requests as GET "/x" of a.v1.S.Get (rules.yaml:LINE)'],
  ],
  [
    'a conflict with the proto',
    [rule('a.v1.T.Get', '/proto/{id}')],
    'add',
    ['rules.yaml:LINE:3: a.v1.T.Get: GET "/proto/{id}": takes the same requests as GET "/proto/{id}" of a.v1.S.Get (a.proto:4)'],
  ],
];

for (const [sentence, rules, mode, problems] of illegal) {
  test(`refused: ${sentence}`, async (t) => t.strictSame(bindings(rules, mode), problems));
}

test('the same selector twice in one file is refused, in two files it is not', async (t) => {
  const [first, second] = [rule('a.v1.T.Get', '/x'), rule('a.v1.T.Get', '/y')];
  t.strictSame(selectRules([first, second], schema.methods).refused.map(printProblem), [
    `rules.yaml:${second.where.line}:3: a.v1.T.Get: has a rule already, in line ${first.where.line} of this file: put this one into its additional_bindings`,
  ]);
  const elsewhere = { ...second, where: { ...second.where, file: 'more.yaml' } };
  t.strictSame(selectRules([first, elsewhere], schema.methods).refused, []);
});

test('a rule that never applies is warned of', async (t) => {
  const [early, late] = [rule('a.v1.T.Get', '/x'), rule('a.v1.T.*', '/y')];
  const { warnings } = selectRules([early, late], schema.methods);
  t.strictSame(warnings.map(printProblem), [
    `rules.yaml:${early.where.line}:3: a.v1.T.Get: this rule never applies: each of its methods has a later one`,
  ]);
  t.equal(warnings[0]?.severity, 'warning');
});

test('illegal rules can be left out one by one', async (t) => {
  const rules = [rule('a.v1.T.Get', '/{x}'), rule('a.v1.Nothing', '/'), rule('a.v1.S.Make', '/make')];
  const result = compileBindings(schema, { invalidRules: 'skip', conflicts: 'error', external: { rules, mode: 'override' } });
  t.strictSame(result.ok && result.value.map(({ template }) => template.text), ['/proto/{id}', '/proto/2/{id}', '/make']);
  t.strictSame(result.ok && result.warnings.map(({ severity, subject }) => [severity, subject]), [
    ['warning', 'a.v1.Nothing'],
    ['warning', 'a.v1.T.Get'],
  ]);
});
