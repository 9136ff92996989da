import { join } from 'node:path';
import { type Test, test } from 'tap';
import { loadRules } from '../../gateway/api/rules/load.js';
import { printProblem } from '../../proto/problem.js';

/** Selectors of the rules of a file, and its warnings; or its errors alone. */
async function load(t: Test, text: string) {
  const folder = t.testdir({ 'rules.yaml': text });
  const result = await loadRules([join(folder, 'rules.yaml')]);
  const said = (result.ok ? result.warnings : result.problems).map((problem) => printProblem(problem).replace(`${folder}/`, ''));
  return { rules: result.ok && result.value.map(({ selector, httpMethod, path }) => `${selector} ${httpMethod} ${path}`), said };
}

test('a service configuration without http is taken, with a warning', async (t) => {
  t.strictSame(await load(t, 'type: google.api.Service\nconfig_version: 3\n'), {
    rules: [],
    said: ['rules.yaml:1:1: rules file: has no rules: expected http.rules'],
  });
  t.strictSame(await load(t, ''), { rules: [], said: ['rules.yaml: rules file: has no rules: expected http.rules'] });
  t.strictSame((await load(t, 'http: {}\n')).said, [], 'one that says that it has none is quiet');
});

test('what is wrong in a file without http is told first', async (t) => {
  t.strictSame(await load(t, 'htpp: {}\n'), { rules: false, said: ['rules.yaml:1:1: htpp: unknown key; did you mean "http"?'] });
});

test('a rule without a pattern is left out with a warning, and the others hold', async (t) => {
  const text = `http:
  rules:
  - selector: a.S.Get
    body: "*"
  - selector: a.S.List
    get: /v1/things
    additional_bindings:
    - body: "*"
    - post: /v1/things
  - selector: a.S.Find
    additional_bindings:
    - get: /v1/found
`;
  const reason = 'has no pattern, and is left out: expected get, put, post, delete, patch or custom';
  t.strictSame(await load(t, text), {
    rules: ['a.S.List GET /v1/things', 'a.S.Find  '],
    said: [`rules.yaml:3:5: http.rules[0]: ${reason}`, `rules.yaml:8:7: http.rules[1].additional_bindings[0]: ${reason}`],
  });
});

test('a rule without a pattern leaves what the proto says of its method', async (t) => {
  const { rules } = await load(t, 'http:\n  rules:\n  - {selector: a.S.Get, get: /v1/a}\n  - {selector: a.S.Get}\n');
  t.strictSame(rules, ['a.S.Get GET /v1/a']);
});
