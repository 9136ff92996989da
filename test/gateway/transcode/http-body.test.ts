import { test } from 'tap';
import { readHttpBody } from '../../../gateway/transcode/http-body.js';
import { WireFormatError } from '../../../proto/wire/reader.js';
import { hex, wire } from '../../proto/json/codec-case.js';

const ofType = (type: string) => {
  const bytes = Buffer.from(type);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  return Buffer.concat([Buffer.from([0x0a, ...length]), bytes, wire("12 01 'x'")]);
};

for (const type of [
  'text/plain',
  'text/html; charset=utf-8',
  'image/svg+xml',
  'multipart/x-mixed-replace ;boundary="a b"',
  `a/${'b'.repeat(254)}`,
]) {
  test(`${type.slice(0, 50)} is a media type`, async (t) => t.equal(readHttpBody(ofType(type)).contentType, type));
}

for (const type of [
  '',
  'text',
  '/',
  'a/b/c',
  ' text/plain',
  'text/plain\n',
  'text/plain;\r\nx: y',
  'text/plain; a="ü"',
  `a/${'b'.repeat(255)}`,
]) {
  test(`${JSON.stringify(type).slice(0, 50)} is none`, async (t) => {
    t.equal(readHttpBody(ofType(type)).contentType, 'application/octet-stream');
  });
}

test('fields in any order and extensions do not matter, and the last of two counts', async (t) => {
  const body = readHttpBody(wire("1a 00 12 01 'a' 0a 03 'a/b' 12 02 'bc' 0a 03 'c/d'"));
  t.equal(body.contentType, 'c/d');
  t.equal(hex(body.data), hex(Buffer.from('bc')));
});

test('bytes that are no message are refused', async (t) => {
  t.throws(() => readHttpBody(wire("12 05 'a'")), WireFormatError);
});
