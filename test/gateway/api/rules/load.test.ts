import { join } from 'node:path';
import { type Test, test } from 'tap';
import { loadRules } from '../../../../gateway/api/rules/load.js';
import { printProblem, type Result } from '../../../../proto/problem.js';

async function load(t: Test, ...texts: readonly (string | Buffer)[]) {
  const folder = t.testdir(Object.fromEntries(texts.map((text, i) => [`${i}.yaml`, text])));
  const result = await loadRules(texts.map((_, i) => join(folder, `${i}.yaml`)));
  const lines = (problems: Extract<Result<unknown>, { ok: false }>['problems']) =>
    problems.map((problem) => printProblem(problem).replace(`${folder}/`, ''));
  return { rules: result.ok ? result.value : [], problems: lines(result.ok ? result.warnings : result.problems), ok: result.ok };
}

const rules = (text: string) => `http:\n  rules:\n${text}`;

test('a rule with everything, in YAML', async (t) => {
  const { rules, problems } = await load(
    t,
    `type: google.api.Service
config_version: 3
http:
  fully_decode_reserved_expansion: true
  rules:
  - selector: a.S.Patch
    patch: /v1/{thing.name=things/*}
    body: thing
    response_body: thing
    additional_bindings:
    - custom: {kind: search, path: /v1/things}
      body: "*"
    - put: /v1/things
`,
  );
  t.strictSame(problems, []);
  const [rule] = rules;
  const nothing = { selector: '', body: '', responseBody: '', additionalBindings: [] };
  const place = (line: number, column: number) => ({ ...rule?.where, line, column });
  t.strictSame(rule, {
    selector: 'a.S.Patch',
    ...{ httpMethod: 'PATCH', path: '/v1/{thing.name=things/*}', body: 'thing', responseBody: 'thing' },
    additionalBindings: [
      { ...nothing, httpMethod: 'SEARCH', path: '/v1/things', body: '*', selectorAt: place(11, 7), where: place(11, 7) },
      { ...nothing, httpMethod: 'PUT', path: '/v1/things', selectorAt: place(13, 7), where: place(13, 7) },
    ],
    selectorAt: place(6, 5),
    where: place(7, 5),
  });
});

test('JSON with the names of ProtoJSON is the same, and files follow each other', async (t) => {
  const { rules, problems } = await load(
    t,
    '{"configVersion": 3, "http": {"fullyDecodeReservedExpansion": true, "rules": [{"selector": "a.B.C", "get": "/", "responseBody": "x", "additionalBindings": null}]}}',
    'http: {rules: [{selector: "*", delete: /x}]}',
  );
  t.strictSame(problems, []);
  t.strictSame(
    rules.map((rule) => [rule.selector, rule.httpMethod, rule.path, rule.responseBody]),
    [
      ['a.B.C', 'GET', '/', 'x'],
      ['*', 'DELETE', '/x', ''],
    ],
  );
});

test('the rest of a google.api.Service is left alone, with one warning', async (t) => {
  const { problems, ok } = await load(
    t,
    'type: google.api.Service\nname: x.googleapis.com\napis: [{name: a.B}]\nbackend: {rules: []}\nhttp: {rules: []}\n',
  );
  t.ok(ok);
  t.strictSame(problems, ['0.yaml: rules file: only the rules in "http" are read, not name, apis, backend']);
});

test('to decode less is not offered', async (t) => {
  const { problems, ok } = await load(t, 'http:\n  fully_decode_reserved_expansion: false\n  rules: []\n');
  t.ok(ok);
  t.strictSame(problems, [
    '0.yaml:2:3: http.fully_decode_reserved_expansion: captures are decoded all the same, but for %2F where there are several segments',
  ]);
});

const refused: readonly (readonly [sentence: string, text: string | Buffer, ...problems: string[]])[] = [
  ['another type', 'type: google.api.Servic\nhttp: {}\n', '1:7: type: expected google.api.Service, got "google.api.Servic"'],
  ['another version', 'config_version: 4\nhttp: {}\n', '1:17: config_version: expected 3 or 2 or 1, got 4'],
  ['an unknown key', 'htpp: {}\n', '1:1: htpp: unknown key; did you mean "http"?'],
  ['an unknown key of http', 'http: {rulez: []}\n', '1:8: http.rulez: unknown key; did you mean "rules"?'],
  [
    'an unknown key of a rule',
    rules('  - {selector: a, get: /, bodi: x}\n'),
    '3:27: http.rules[0].bodi: unknown key; did you mean "body"?',
  ],
  [
    'an unknown key of a custom pattern',
    rules('  - {selector: a, custom: {kin: GET}}\n'),
    '3:28: http.rules[0].custom.kin: unknown key; did you mean "kind"?',
  ],
  [
    'a key in both spellings',
    rules('  - {selector: a, get: /, response_body: x, responseBody: x}\n'),
    '3:45: http.rules[0].responseBody: is given twice, in two spellings',
  ],
  [
    'two patterns',
    rules('  - selector: a\n    get: /\n    post: /\n'),
    '5:5: http.rules[0].post: stands beside "get": a rule has one pattern',
  ],
  ['no selector', rules('  - get: /\n'), '3:5: http.rules[0]: lacks the key "selector"'],
  [
    'half a component as wildcard',
    rules('  - selector: a.B.Get*\n    get: /\n'),
    '3:15: http.rules[0].selector: expected "pkg.Service.Method", "pkg.Service.*", "pkg.*" or "*", or several with commas, got "a.B.Get*"',
  ],
  [
    'a selector inside',
    rules('  - selector: a\n    get: /\n    additional_bindings:\n    - selector: b\n      get: /x\n'),
    '6:7: http.rules[0].additional_bindings[0].selector: belongs to the rule, not to its additional_bindings',
  ],
  [
    'additional bindings inside each other',
    rules('  - selector: a\n    get: /\n    additional_bindings:\n    - get: /x\n      additional_bindings: []\n'),
    '7:7: http.rules[0].additional_bindings[0].additional_bindings: can only be one level deep',
  ],
  ['values of other kinds', 'http: 1\n', '1:7: http: expected a section with keys of its own, got 1'],
  [
    'and each of them',
    'http:\n  rules: {}\n  fully_decode_reserved_expansion: 1\n',
    '2:10: http.rules: expected a list, got a section',
    '3:36: http.fully_decode_reserved_expansion: expected true or false, got 1',
  ],
  ['a path that is no text', rules('  - selector: a\n    get: 1\n'), '4:10: http.rules[0].get: expected a text, got 1'],
  ['a list', '[]', '1:1: rules file: expected a section with keys of its own, got a list of 0'],
  ['not UTF-8', Buffer.from([0xff]), 'rules file: is not UTF-8 text'],
  ['too large', `# ${'x'.repeat(1024 * 1024)}`, 'rules file: is larger than 1048576 bytes'],
  ['too deep', '['.repeat(1000), '1:1: rules file: is nested too deep'],
  ['names of objects', '__proto__: {}\nhttp: {}\n', '1:1: __proto__: unknown key'],
];

for (const [sentence, text, ...expected] of refused) {
  test(`refused: ${sentence}`, async (t) => {
    const { problems } = await load(t, text);
    t.strictSame(
      problems,
      expected.map((line) => `0.yaml:${/^\d/.test(line) ? '' : ' '}${line}`),
    );
  });
}

test('a .proto file is no rules file', async (t) => {
  const [api, nowhere] = [join(t.testdir({ 'api.proto': '' }), 'api.proto'), 'nowhere.proto'];
  const result = await loadRules([api, nowhere]);
  const reason = 'is .proto source, expected YAML or JSON: give it with --proto (sources.protos)';
  t.strictSame(result.ok || result.problems.map(printProblem), [
    `${api}: rules file: ${reason}`,
    'nowhere.proto: rules file: does not exist',
  ]);
});

test('what is wrong with all files is told at once', async (t) => {
  const result = await loadRules(['nowhere.yaml', 'neither.yaml']);
  t.strictSame(result.ok || result.problems.map(printProblem), [
    'nowhere.yaml: rules file: does not exist',
    'neither.yaml: rules file: does not exist',
  ]);
});
