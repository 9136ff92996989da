import { test } from 'tap';
import { isBindableMethod } from '../../annotations/http-method.js';
import { readHttpRule } from '../../annotations/http-rule.js';
import { WireWriter } from '../../proto/wire/writer.js';

const HTTP = 72295728;
const none = { selector: '', httpMethod: '', path: '', body: '', responseBody: '', additionalBindings: [] };

function message(...fields: readonly (readonly [number: number, value: string | Uint8Array])[]): Uint8Array {
  const out = new WireWriter();
  for (const [number, value] of fields) out.bytesField(number, value);
  return out.finish();
}

test('google.api.HttpRule', async (t) => {
  const rows: readonly (readonly [name: string, rule: Uint8Array, wanted: object])[] = [
    ['empty', message(), none],
    ['get', message([2, '/x']), { ...none, httpMethod: 'GET', path: '/x' }],
    ['put', message([3, '/x']), { ...none, httpMethod: 'PUT', path: '/x' }],
    ['post', message([4, '/x'], [7, '*']), { ...none, httpMethod: 'POST', path: '/x', body: '*' }],
    ['delete', message([5, '/x']), { ...none, httpMethod: 'DELETE', path: '/x' }],
    ['patch', message([6, '/x']), { ...none, httpMethod: 'PATCH', path: '/x' }],
    ['custom', message([8, message([1, 'head'], [2, '/x'])]), { ...none, httpMethod: 'HEAD', path: '/x' }],
    ['the last member of the oneof stands', message([2, '/x'], [4, '/y']), { ...none, httpMethod: 'POST', path: '/y' }],
    ['selector and response_body', message([1, 'a.B'], [12, 'f']), { ...none, selector: 'a.B', responseBody: 'f' }],
    ['unknown fields', message([99, 'x'], [2, '/x']), { ...none, httpMethod: 'GET', path: '/x' }],
  ];
  for (const [name, rule, wanted] of rows) t.strictSame(readHttpRule(message([HTTP, rule])), wanted, name);
});

test('additional_bindings are read one level deeper than is legal, for the report, and no more', async (t) => {
  const deep = message([11, message([11, message([11, message([2, '/x'])])])]);
  const rule = readHttpRule(message([HTTP, deep]));
  t.strictSame(rule, { ...none, additionalBindings: [{ ...none, additionalBindings: [none] }] });
});

test('an option given twice is merged', async (t) => {
  const options = message([HTTP, message([2, '/x'])], [1, 'other'], [HTTP, message([7, '*'])]);
  t.strictSame(readHttpRule(options), { ...none, httpMethod: 'GET', path: '/x', body: '*' });
});

test('no option, no rule; broken options throw', async (t) => {
  t.equal(readHttpRule(message([1, 'x'])), undefined);
  t.equal(readHttpRule(new Uint8Array(0)), undefined);
  t.throws(() => readHttpRule(message([HTTP, Uint8Array.of(0x12, 9)])), { name: 'WireFormatError' });
  t.throws(() => readHttpRule(Uint8Array.of(0x80)), { name: 'WireFormatError' });
});

test('methods that a rule may be for', async (t) => {
  const { METHODS } = await import('node:http');
  for (const method of METHODS) t.equal(isBindableMethod(method), method !== 'CONNECT', method);
  t.ok(isBindableMethod('*'));
  t.notOk(isBindableMethod('FETCH'));
  t.notOk(isBindableMethod(''));
});
