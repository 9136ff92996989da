import { test } from 'tap';
import { Refusal } from '../../../gateway/exchange/refusal.js';
import { type Accepts, acceptBody, isEmptyJson } from '../../../gateway/transcode/content.js';

const bytes = (text: string) => new TextEncoder().encode(text);

interface Case {
  readonly name: string;
  readonly headers: { readonly 'content-type'?: string };
  readonly body?: string;
  readonly refused?: string;
}

const notSupported = 'The media type of the request body is not supported: send application/json.';
const accepts: Accepts = {
  nothing: false,
  extraBody: 'error',
  fields: false,
  message: false,
  raw: false,
  otherwiseJson: false,
  headers: { accept: 'application/json' },
};

const cases: readonly Case[] = [
  { name: 'application/json is JSON', headers: { 'content-type': 'application/json' } },
  { name: 'parameters and letter case of the type do not matter', headers: { 'content-type': 'Application/JSON; charset=utf-8' } },
  { name: 'a structured suffix +json is JSON (RFC 6839)', headers: { 'content-type': 'application/merge-patch+json' } },
  { name: 'no type is JSON', headers: {} },
  { name: 'text/plain is JSON', headers: { 'content-type': 'text/plain;charset=UTF-8' } },
  {
    name: 'the form type is JSON when the body is an object',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: ' {"a":1}',
  },
  {
    name: 'the form type is JSON when the body is an array',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '[1]',
  },
  {
    name: 'the form type is JSON when the body is a string',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '"a"',
  },
  { name: 'form fields are no JSON', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1', refused: notSupported },
  { name: 'XML is no JSON', headers: { 'content-type': 'application/xml' }, refused: notSupported },
  { name: 'text/html is no JSON', headers: { 'content-type': 'text/html' }, refused: notSupported },
  { name: 'text/json-like names are no JSON', headers: { 'content-type': 'text/x+json' }, refused: notSupported },
];

for (const { name, headers, body = '{}', refused } of cases) {
  test(name, async (t) => {
    const call = () => acceptBody(accepts, headers['content-type'], bytes(body));
    if (refused === undefined) t.doesNotThrow(call);
    else t.throws(call, new Refusal('mediaType', '', refused, accepts.headers));
  });
}

for (const [text, empty] of [
  ['', true],
  [' \r\n\t', true],
  ['{}', true],
  [' { \n} ', true],
  ['""', true],
  [' "" ', true],
  ['{"a":1}', false],
  ['" "', false],
  ['"', false],
  ['{', false],
  ['[]', false],
  ['null', false],
] as const) {
  test(`${JSON.stringify(text)} is ${empty ? '' : 'not '}what REST clients send for no body`, async (t) =>
    t.equal(isEmptyJson(bytes(text)), empty));
}

test('a route that is lenient takes other types for JSON', async (t) => {
  const lenient: Accepts = { ...accepts, otherwiseJson: true };
  const body = bytes('{}');
  for (const type of [
    'application/xml',
    'application/octet-stream',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ])
    t.equal(acceptBody(lenient, type, body), body, type);
});
