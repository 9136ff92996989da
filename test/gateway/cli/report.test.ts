import { test } from 'tap';
import { errorsOf, printReport, type Report } from '../../../gateway/cli/report.js';

const nowhere = () => undefined;

const report: Report = {
  services: 1,
  routes: 3,
  notes: [],
  problems: [
    { severity: 'error', subject: 'upstreams.default', reason: 'is not configured' },
    { severity: 'warning', file: 'a.proto', line: 7, column: 3, subject: 'a.S.Get', reason: 'GET "/x": bad', rule: 'own-path' },
    { severity: 'error', file: 'a.proto', line: 12, column: 3, subject: 'a.S.Put', reason: 'worse', rule: 'invalid-body' },
    { severity: 'warning', file: 'b.proto', subject: 'b.proto', reason: 'is old' },
  ],
};

test('for people problems stand below their files, and a line sums up', (t) => {
  t.equal(
    printReport(report, 'human', false, nowhere),
    `  error  upstreams.default: is not configured

a.proto
  7:3   warning  own-path      a.S.Get: GET "/x": bad
  12:3  error    invalid-body  a.S.Put: worse

b.proto
  warning  b.proto: is old

failed: 2 errors, 2 warnings
`,
  );
  t.equal(printReport({ ...report, problems: [] }, 'human', false, nowhere), 'ok: 1 service, 3 routes, 0 warnings\n');
  t.end();
});

test("what is nobody's fault stands before the line that sums up", (t) => {
  const noted = { ...report, problems: [], notes: ['restricted: 1 method\n::error::c'] };
  for (const format of ['human', 'github'] as const)
    t.equal(
      printReport(noted, format, false, nowhere),
      'restricted: 1 method\\u000a::error::c\nok: 1 service, 3 routes, 0 warnings\n',
      format,
    );
  t.strictSame(JSON.parse(printReport(noted, 'json', false, nowhere)).notes, noted.notes);
  t.end();
});

test('what descriptors say cannot steer the terminal', (t) => {
  const problem = { severity: 'error', file: 'a\u001b[2J.proto', line: 1, subject: 'a', reason: 'b\n::error::c\u009b' } as const;
  t.equal(
    printReport({ ...report, problems: [problem] }, 'human', false, nowhere),
    'a\\u001b[2J.proto\n  1  error  a: b\\u000a::error::c\\u009b\n\nfailed: 1 error, 0 warnings\n',
  );
  t.end();
});

test('colours change nothing but colours', (t) => {
  const coloured = printReport(report, 'human', true, nowhere);
  const [esc] = ['\u001b'];
  t.equal(coloured.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), ''), printReport(report, 'human', false, nowhere));
  for (const part of ['[1ma.proto', '[2m7:3', '[33mwarning', '[31merror', '[2mown-path', '[31mfailed'])
    t.ok(coloured.includes(esc + part), part);
  t.ok(printReport({ ...report, problems: [] }, 'human', true, nowhere).startsWith(`${esc}[32mok`));
  for (const format of ['json', 'github'] as const) t.notOk(printReport(report, format, true, nowhere).includes(`${esc}`), format);
  t.end();
});

test('for programs all of it is one object', (t) => {
  const problems = report.problems.slice(0, 2);
  t.strictSame(JSON.parse(printReport({ ...report, problems }, 'json', false, nowhere)), {
    ...{ services: 1, routes: 3, errors: 1, warnings: 1, notes: [] },
    problems: [
      { severity: 'error', subject: 'upstreams.default', reason: 'is not configured' },
      { severity: 'warning', rule: 'own-path', file: 'a.proto', line: 7, column: 3, subject: 'a.S.Get', reason: 'GET "/x": bad' },
    ],
  });
  t.end();
});

test('for GitHub each problem is a workflow command, with the path of its file', (t) => {
  t.equal(
    printReport(report, 'github', false, (file) => (file === 'a.proto' ? 'protos/a.proto' : undefined)),
    `::error::upstreams.default: is not configured
::warning file=protos/a.proto,line=7,col=3,title=own-path::a.S.Get: GET "/x": bad
::error file=protos/a.proto,line=12,col=3,title=invalid-body::a.S.Put: worse
::warning file=b.proto::b.proto: is old
failed: 2 errors, 2 warnings
`,
  );
  t.end();
});

test('what workflow commands are made of is escaped in what they say', (t) => {
  const odd = { severity: 'error', file: 'a,b:c%.proto', line: 1, subject: '50%', reason: 'a\r\nb, c: d::e' } as const;
  t.equal(
    printReport({ ...report, problems: [odd] }, 'github', false, nowhere).split('\n')[0],
    '::error file=a%2Cb%3Ac%25.proto,line=1::50%25: a%0D%0Ab, c: d::e',
  );
  t.end();
});

test('a problem that its place says all about has no empty subject', (t) => {
  const syntax = { severity: 'error', file: 'a.proto', line: 2, column: 23, subject: '', reason: 'expected a number, found ;' } as const;
  const alone = { ...report, problems: [syntax] };
  t.equal(printReport(alone, 'human', false, nowhere).split('\n')[1], '  2:23  error  expected a number, found ;');
  t.equal(printReport(alone, 'github', false, nowhere).split('\n')[0], '::error file=a.proto,line=2,col=23::expected a number, found ;');
  const { subject: _, ...said } = syntax;
  t.strictSame(JSON.parse(printReport(alone, 'json', false, nowhere)).problems, [said]);
  t.end();
});

test('errors are counted without warnings', (t) => {
  t.equal(errorsOf(report), 2);
  t.end();
});
