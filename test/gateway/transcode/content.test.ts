import { test } from 'tap';
import { Refusal } from '../../../gateway/exchange/refusal.js';
import { type Accepts, acceptBody, type BodyHeaders, isEmptyJson } from '../../../gateway/transcode/content.js';

const bytes = (text: string) => new TextEncoder().encode(text);

interface Case {
  readonly name: string;
  readonly headers: BodyHeaders;
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
const foreign = 'A cross-site request must send its body as application/json.';

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
  {
    name: 'text/plain from a cross-site page is refused',
    headers: { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' },
    refused: foreign,
  },
  { name: 'no type from a cross-site page is refused', headers: { 'sec-fetch-site': 'cross-site' }, refused: foreign },
  {
    name: 'the form type from a foreign origin is refused',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
    refused: foreign,
  },
  { name: 'an opaque origin is foreign', headers: { 'content-type': 'text/plain', origin: 'null' }, refused: foreign },
  { name: 'another port is another origin', headers: { 'content-type': 'text/plain', origin: 'http://api.example:81' }, refused: foreign },
  {
    name: 'text/plain from a page of the same host is JSON',
    headers: { 'content-type': 'text/plain', origin: 'http://api.example:8080', 'sec-fetch-site': 'same-origin' },
  },
  {
    name: 'application/json from a foreign origin is JSON: the browser has asked',
    headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
  },
];

for (const { name, headers, body = '{}', refused } of cases) {
  test(name, async (t) => {
    const call = () => acceptBody(accepts, headers, bytes(body), 'api.example:8080');
    if (refused === undefined) t.doesNotThrow(call);
    else t.throws(call, new Refusal('mediaType', '', refused, accepts.headers));
  });
}

test('a host that names the default port is the same origin', async (t) => {
  t.doesNotThrow(() =>
    acceptBody(accepts, { 'content-type': 'text/plain', origin: 'https://api.example' }, bytes('{}'), 'api.example:443'),
  );
});

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

test('a route that is lenient takes other types for JSON, and still refuses what a foreign page may send', async (t) => {
  const lenient: Accepts = { ...accepts, otherwiseJson: true };
  const body = bytes('{}');
  for (const type of [
    'application/xml',
    'application/octet-stream',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ])
    t.equal(acceptBody(lenient, { 'content-type': type }, body, 'api.example'), body, type);
  const headers = { 'content-type': 'multipart/form-data; boundary=x', origin: 'https://evil.example' };
  t.throws(() => acceptBody(lenient, headers, body, 'api.example'), new Refusal('mediaType', '', foreign, accepts.headers));
});
