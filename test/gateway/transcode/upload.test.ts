import { test } from 'tap';
import { kinds } from './kinds.js';

const rows: readonly { name: string; line: string; body: string; type: string | undefined; expected: string }[] = [
  {
    name: 'bytes of any type',
    line: 'POST /upload',
    body: 'a,b',
    type: 'text/csv; charset=utf-8',
    expected: '{"file":{"content_type":"text/csv; charset=utf-8","data":"YSxi"}}',
  },
  {
    name: 'the rest from path and query',
    line: 'PUT /upload/x?count=5',
    body: 'a',
    type: 'image/png',
    expected: '{"text":"x","count":5,"file":{"content_type":"image/png","data":"YQ=="}}',
  },
  { name: 'no type', line: 'POST /upload', body: 'a', type: undefined, expected: '{"file":{"data":"YQ=="}}' },
  {
    name: 'JSON is not read',
    line: 'POST /upload',
    body: '{"a":',
    type: 'application/json',
    expected: '{"file":{"content_type":"application/json","data":"eyJhIjo="}}',
  },
  {
    name: 'nor are forms',
    line: 'POST /upload',
    body: 'a=1',
    type: 'application/x-www-form-urlencoded',
    expected: '{"file":{"content_type":"application/x-www-form-urlencoded","data":"YT0x"}}',
  },
  {
    name: 'nor is protobuf',
    line: 'POST /upload',
    body: 'a',
    type: 'application/protobuf',
    expected: '{"file":{"content_type":"application/protobuf","data":"YQ=="}}',
  },
  { name: 'the whole request', line: 'POST /raw', body: 'a', type: 'image/png', expected: '{"content_type":"image/png","data":"YQ=="}' },
  {
    name: 'the path says the type',
    line: 'POST /raw/text/csv',
    body: 'a',
    type: 'image/png',
    expected: '{"content_type":"text/csv","data":"YQ=="}',
  },
  { name: 'no body', line: 'POST /upload', body: '', type: undefined, expected: '{}' },
  {
    name: 'a field of the body in the query',
    line: 'POST /upload?file.data=QQ',
    body: 'a',
    type: 'image/png',
    expected: '400 file.data: is taken from the body, not from the query',
  },
];

for (const { name, line, body, type, expected } of rows) {
  test(`upload: ${name}`, async (t) => t.equal(kinds.send(line, body, type), expected));
}
