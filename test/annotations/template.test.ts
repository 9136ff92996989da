import { test } from 'tap';
import { parseTemplate } from '../../annotations/template.js';

const legal: readonly (readonly [text: string, segments: string, variables: string])[] = [
  ['/', '<>', ''],
  ['/v1', '<v1>', ''],
  ['/v1/*/**', '<v1> * **', ''],
  ['/v1/{name}', '<v1> *', 'name[1,2)@6'],
  ['/v1/{name=*}', '<v1> *', 'name[1,2)@6'],
  ['/v1/{name=**}', '<v1> **', 'name[1,2)@6'],
  ['/v1/{name=a/*/b/**}', '<v1> <a> * <b> **', 'name[1,5)@6'],
  ['/{a.b_c.D1=x}/{_e}:go', '<x> * :go', 'a.b_c.D1[0,1)@3 _e[1,2)@16'],
  ['/v1/**/x/y', '<v1> ** <x> <y>', ''],
  ['/v1/{a=**/x}/y', '<v1> ** <x> <y>', 'a[1,3)@6'],
  ['/v1:batch', '<v1> :batch', ''],
  ['/**:go', '** :go', ''],
  ['/a:b/c', '<a:b> <c>', ''],
  ["/a-._~!$&'()+,;=@%C3%a9", "<a-._~!$&'()+,;=@%C3%a9>", ''],
  ['/./..', '<.> <..>', ''],
];

test('templates of the grammar', async (t) => {
  for (const [text, segments, variables] of legal) {
    const parsed = parseTemplate(text);
    const shown = parsed.template.segments.map((s) => (s.kind === 'literal' ? `<${s.text}>` : s.kind === 'single' ? '*' : '**'));
    if (parsed.template.verb !== undefined) shown.push(`:${parsed.template.verb}`);
    t.equal(shown.join(' '), segments, text);
    t.equal(parsed.variables.map((v) => `${v.path.join('.')}[${v.start},${v.end})@${v.column}`).join(' '), variables, text);
    t.equal(parsed.template.text, text);
  }
});

const illegal: readonly (readonly [text: string, column: number, reason: string])[] = [
  ['', 1, 'a template begins with "/"'],
  ['v1', 1, 'a template begins with "/"'],
  ['//', 2, 'a segment is empty'],
  ['/v1/', 5, 'a segment is empty'],
  ['/v1//x', 5, 'a segment is empty'],
  ['/:go', 2, 'a segment is empty'],
  ['/v1:', 5, 'a verb is empty'],
  ['/v1:a:b', 6, 'there is more than one verb'],
  ['/{a}:b:c', 7, 'there is more than one verb'],
  ['/v1:go/x}', 9, '"}" is not expected here'],
  ['/{a}:go/x', 8, '"/" is not expected here'],
  ['/{a', 4, '"}" is missing'],
  ['/{a=', 5, 'a segment is empty'],
  ['/{a=x', 6, '"}" is missing'],
  ['/{}', 3, 'a field name is missing'],
  ['/{a.}', 5, 'a field name is missing'],
  ['/{1}', 3, 'a field name is missing'],
  ['/{a b}', 4, '" " must be written as %20'],
  ['/{a={b}}', 5, 'a variable cannot be inside another one'],
  ['/{a=x:y}', 6, '":" is not expected here'],
  ['/{a=/x}', 5, 'a segment is empty'],
  ['/{a}x', 5, '"x" is not expected here'],
  ['/x{a}', 3, '"{" is not expected here'],
  ['/a*', 3, '"*" must be a segment of its own'],
  ['/***', 4, '"*" must be a segment of its own'],
  ['/**/**', 5, 'only literals can follow "**"'],
  ['/**/*', 5, 'only literals can follow "**"'],
  ['/{a=**}/{b=**}', 12, 'only literals can follow "**"'],
  ['/{a=**}/x/{b}', 11, 'only literals can follow "**"'],
  ['/{a=**/*}', 8, 'only literals can follow "**"'],
  ['/v1?x=1', 4, '"?" does not belong in a path; query parameters are bound without being named'],
  ['/v1#x', 4, '"#" does not belong in a path; query parameters are bound without being named'],
  ['/café', 5, '"é" must be written as %C3%A9'],
  ['/a b', 3, '" " must be written as %20'],
  ['/a[0]', 3, '"[" must be written as %5B'],
  ['/a%4', 3, '"%" is not followed by two hex digits'],
  ['/😀', 2, '"😀" must be written as %F0%9F%98%80'],
  ['/\ud800', 2, '"\ud800" is not expected here'],
];

test('a text that is no template is refused with column and reason', async (t) => {
  for (const [text, column, reason] of illegal) {
    t.throws(() => parseTemplate(text), { name: 'TemplateError', column, reason }, text);
  }
});
