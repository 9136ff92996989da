import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import type { Message } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { startDesk } from '../desk.js';

interface Case {
  readonly name: string;
  readonly request: readonly [method: string, path: string, body: string];
  readonly extraBody: 'error' | 'ignore' | 'form';
  /** Of the body; default: a form. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  /** What the server receives, by protobufjs. */
  readonly received?: object;
  readonly message?: string;
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };
const refused = 'this method takes no request body';

const cases: readonly Case[] = [
  { name: 'a form is refused', extraBody: 'error', request: ['POST', '/v1/notes/1:pin', 'page_size=3'], status: 400, message: refused },
  {
    name: 'a body is ignored, also one that is no JSON',
    extraBody: 'ignore',
    request: ['POST', '/v1/notes/1:pin?page_size=4', '{"page_size"'],
    headers: json,
    received: { name: 'notes/1', page_size: 4 },
  },
  {
    name: 'a form is ignored',
    extraBody: 'ignore',
    request: ['POST', '/v1/notes/1:pin', 'page_size=3'],
    received: { name: 'notes/1' },
  },
  {
    name: 'a form sets fields beside the query',
    extraBody: 'form',
    request: ['POST', '/v1/notes/1:pin?page_size=4', 'filter.tag=a+b&filter.years=1&filter.years=2'],
    received: { name: 'notes/1', page_size: 4, filter: { tag: 'a b', years: [1, 2] } },
  },
  {
    name: 'a field cannot come from both',
    extraBody: 'form',
    request: ['POST', '/v1/notes/1:pin?page_size=4', 'page_size=3'],
    status: 400,
    message: 'page_size: is given twice',
  },
  {
    name: 'a form cannot change what the path says',
    extraBody: 'form',
    request: ['POST', '/v1/notes/1:pin', 'name=notes/2'],
    status: 400,
    message: 'name: contradicts the path, which sets name',
  },
  {
    name: 'another body than a form is ignored',
    extraBody: 'form',
    request: ['POST', '/v1/notes/1:pin', '{"page_size":3}'],
    headers: json,
    received: { name: 'notes/1' },
  },
  {
    name: 'so is JSON that is called a form',
    extraBody: 'form',
    request: ['POST', '/v1/notes/1:pin', '{"page_size":3}'],
    received: { name: 'notes/1' },
  },
  {
    name: 'a form of a foreign page is refused',
    extraBody: 'form',
    request: ['POST', '/v1/notes/1:pin', 'page_size=3'],
    headers: { ...form, origin: 'https://evil.example' },
    status: 403,
    message: 'A request from a page of another site is not allowed.',
  },
  {
    name: 'a POST of a form is served by the GET rule of its path',
    extraBody: 'form',
    request: ['POST', '/v1/by-tag/x?filter.years=1', 'page_size=3'],
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    received: { filter: { tag: 'x', years: [1] }, page_size: 3 },
  },
  { name: 'a POST of anything else is not', extraBody: 'form', request: ['POST', '/v1/by-tag/x', '{}'], headers: json, status: 405 },
  { name: 'nor another method', extraBody: 'form', request: ['PUT', '/v1/by-tag/x', 'page_size=3'], status: 405 },
  {
    name: 'nor one whose header asks for another method',
    extraBody: 'form',
    request: ['POST', '/v1/by-tag/x', ''],
    headers: { ...form, 'x-http-method-override': 'DELETE' },
    status: 405,
  },
  {
    name: 'but one whose header asks for GET is',
    extraBody: 'form',
    request: ['POST', '/v1/by-tag/x', ''],
    headers: { ...form, 'x-http-method-override': 'GET' },
    received: { filter: { tag: 'x' } },
  },
  { name: 'nor without the option', extraBody: 'ignore', request: ['POST', '/v1/by-tag/x', 'page_size=3'], status: 405 },
  { name: 'a POST rule of the path comes first', extraBody: 'form', request: ['POST', '/v1/notes', 'name=n'], received: { name: 'n' } },
];

for (const { name, extraBody, request, headers = form, status = 200, received, message } of cases) {
  test(`extraBody: ${extraBody}: ${name}`, async (t) => {
    const config: ConfigInput = { policies: [{ select: '*', extraBody }] };
    const requests: Message[] = [];
    const note = (call: { request: Message }) => {
      requests.push(call.request);
      return { name: 'n' };
    };
    const { url } = await startDesk(t, { unary: { GetNote: note, PinNote: note, CreateNote: note } }, config);
    const answer = await send(url, ...request, headers);
    t.equal(answer.status, status, answer.text);
    t.strictSame(requests, received === undefined ? [] : [received]);
    if (message !== undefined) t.equal(JSON.parse(answer.text).message, message);
  });
}
