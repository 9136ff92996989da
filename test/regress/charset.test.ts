import { resolve } from 'node:path';
import { type Test, test } from 'tap';
import type { ConfigInput } from '../../gateway/index.js';
import { startService } from '../gateway/service.js';
import { multipart, writeParts } from '../gateway/transcode/multipart.js';
import type { Message } from '../support/backend.js';
import { send } from '../support/http.js';

const proto = resolve(import.meta.dirname, '../../../test/gateway/protos/uploads.proto');

async function start(t: Test, config: ConfigInput = {}) {
  const seen: Message[] = [];
  const create = ({ request }: { readonly request: Message }) => {
    seen.push(request);
    return {};
  };
  const { url } = await startService(t, { proto, name: 'uploads.v1.Uploads' }, { unary: { CreateAlbum: create } }, config, {});
  const post = (type: string, body: string | Uint8Array) => send(url, 'POST', '/v1/albums/a', body, { 'content-type': type });
  return { post, seen };
}

const album = { name: 'a', title: 'é' };
const form = 'application/x-www-form-urlencoded';
const parts = writeParts([{ name: 'title', content: 'é' }]);

/** Types of text, and a body of each. */
const texts: readonly (readonly [type: string, body: string | Uint8Array])[] = [
  ['application/json', '{"title":"é"}'],
  ['application/merge-patch+json', '{"title":"é"}'],
  ['text/plain', '{"title":"é"}'],
  [form, '{"title":"é"}'],
  [form, 'title=%C3%A9'],
  [multipart, parts],
];

for (const [type, body] of texts) {
  test(`text of another charset than UTF-8 is 415: ${type}`, async (t) => {
    const { post, seen } = await start(t);
    for (const charset of [
      'utf-16',
      'UTF-16LE',
      'iso-8859-1',
      '"utf-16"',
      "'utf-8'",
      'utf-8; charset=utf-16',
      'utf-16; x="; charset=utf-8"',
    ]) {
      const { status, text, headers } = await post(`${type}; charset=${charset}`, body);
      t.equal(status, 415, charset);
      t.strictSame(JSON.parse(text), {
        code: 3,
        message: 'The charset of the request body is not supported: send UTF-8.',
        details: [],
      });
      t.equal(headers['accept-post'], 'application/json, application/x-www-form-urlencoded, multipart/form-data, application/protobuf');
    }
    t.strictSame(seen, []);
  });

  test(`text that says that it is UTF-8, or a part of that, is taken: ${type}`, async (t) => {
    const { post, seen } = await start(t);
    const said = [
      'charset=utf-8',
      'CHARSET=UTF-8',
      'charset="Utf-8"',
      'charset=utf8',
      'charset=us-ascii',
      'charset=',
      'x="; charset=utf-16"',
    ];
    for (const parameter of said) {
      const { status, text } = await post(`${type}; ${parameter}`, body);
      t.equal(status, 200, `${parameter}: ${text}`);
    }
    t.strictSame(seen, Array(said.length).fill(album));
  });
}

test('a type that is not taken is told of before its charset', async (t) => {
  const { post } = await start(t);
  const { status, text } = await post('application/xml; charset=utf-16', '<a/>');
  t.equal(status, 415);
  t.match(JSON.parse(text).message, /^The media type of the request body is not supported/);
});

test('bytes have no charset: messages in wire form, and files that are taken as they are', async (t) => {
  const { post, seen } = await start(t);
  t.equal((await post('application/protobuf; charset=utf-16', Uint8Array.of(0x12, 1, 0x78))).status, 200);
  const csv = 'text/csv; charset=utf-16';
  const files = writeParts(['cover', 'photos'].map((name) => ({ name, content: 'a', file: 'a.csv', type: csv })));
  t.equal((await post(multipart, files)).status, 200);
  t.strictSame(seen, [
    { name: 'a', title: 'x' },
    { name: 'a', cover: { content_type: csv, data: Buffer.from('a') }, photos: [Buffer.from('a')] },
  ]);
});

test('a part that is text of another charset than UTF-8 is 415, and named', async (t) => {
  const { post, seen } = await start(t);
  for (const type of ['text/plain; charset=utf-16', 'text/plain;charset="ISO-8859-1"', 'text/csv; charset=latin1']) {
    const { status, text } = await post(multipart, writeParts([{ name: 'title', content: 'x', type }]));
    t.equal(status, 415, type);
    t.equal(JSON.parse(text).message, 'The charset of the part title of the request body is not supported: send UTF-8.');
  }
  t.equal((await post(multipart, writeParts([{ name: 'title', content: 'é', type: 'text/plain; charset=Utf-8' }]))).status, 200);
  t.strictSame(seen, [album]);
});

test('where other types are taken for JSON other charsets are taken for UTF-8', async (t) => {
  const { post, seen } = await start(t, { policies: [{ select: '*', mediaTypes: 'lenient' }] });
  t.equal((await post('application/json; charset=iso-8859-1', '{"title":"é"}')).status, 200);
  const { status, text } = await post('application/json; charset=utf-16', Buffer.from('{"title":"é"}', 'utf16le'));
  t.equal(status, 400);
  t.equal(JSON.parse(text).message, 'the JSON text is UTF-16 or UTF-32, which must be UTF-8');
  t.strictSame(seen, [album]);
});
