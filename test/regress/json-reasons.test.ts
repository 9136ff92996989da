import t from 'tap';
import { decodeForm, decodePart } from '../../gateway/transcode/form.js';
import { allKinds } from '../proto/json/all-kinds.js';
import { CodecCase } from '../proto/json/codec-case.js';

const c = new CodecCase(allKinds);

const whiteSpace = 'base64 text must have no white space in it';
const letters = 'base64 text is expected';
const base64: readonly [text: string, reason: string][] = [
  ['YQ==\\n', whiteSpace],
  ['YQ==\\r\\n', whiteSpace],
  [' YQ==', whiteSpace],
  ['YW Fh', whiteSpace],
  ['YWFhYWFh\\nYWFhYWFh', whiteSpace],
  ['\\t', whiteSpace],
  ['YQ==!', letters],
  ['$', letters],
  ['YQ==YQ==', letters],
  ['YQ==Y', letters],
  ['=', letters],
  ['YQé', letters],
  ['YQ===', 'base64 text is padded wrongly'],
  ['YWFhYQ=', 'base64 text is padded wrongly'],
  ['YWFhY', 'base64 text is cut off'],
  ['YWFhY===', 'base64 text is padded wrongly'],
];
for (const [text, reason] of base64) {
  t.test(`the bytes "${text}" are refused with the reason that ${reason}`, async (t) => {
    t.throws(() => c.parse('all.Kinds', `{"bytes":"${text}"}`), { name: 'JsonError', path: 'bytes', reason });
    t.throws(() => c.scalar('all.Kinds', 'bytes', JSON.parse(`"${text}"`)), { name: 'JsonError', path: 'bytes', reason });
  });
}

const utf8Mark = Buffer.of(0xef, 0xbb, 0xbf);
const marked = 'the JSON text begins with a byte order mark, which must be left out';
const utf16 = 'the JSON text is UTF-16 or UTF-32, which must be UTF-8';
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();
const encoded: readonly [name: string, text: Buffer, reason: string][] = [
  ['a UTF-8 byte order mark before the text', Buffer.concat([utf8Mark, Buffer.from('{"int32":1}')]), marked],
  ['a UTF-8 byte order mark alone', utf8Mark, marked],
  ['UTF-16 with a mark', Buffer.from('\ufeff{"int32":1}', 'utf16le'), utf16],
  ['UTF-16 with a mark, big end first', swapped('\ufeff{"int32":1}'), utf16],
  ['UTF-16', Buffer.from('{"int32":1}', 'utf16le'), utf16],
  ['UTF-16, big end first', swapped('{"int32":1}'), utf16],
  ['UTF-32', Buffer.from('{\0\0\0"\0\0\0'), utf16],
  ['UTF-32, big end first', Buffer.from('\0\0\0{\0\0\0"'), utf16],
];
for (const [name, text, reason] of encoded) {
  t.test(`${name} is refused with a reason that says so`, async (t) => {
    t.throws(() => c.parse('all.Kinds', text), { name: 'JsonError', path: '', reason });
    for (const at of [
      'int32',
      'string',
      'bool',
      'bytes',
      'open',
      'strings',
      'to_int',
      'kinds',
      'time',
      'value',
      'struct',
      'list',
      'any',
      'null',
      'wrapped',
    ])
      t.throws(() => c.parse('all.Kinds', text, { at }), { name: 'JsonError', reason }, at);
    t.throws(() => c.parse('all.Kinds', text, { unknown: 'ignore' }), { name: 'JsonError', reason });
  });
}

t.test('a NUL in JSON text that is UTF-8 is an error at its place', async (t) => {
  t.throws(() => c.parse('all.Kinds', '{\0}'), { name: 'JsonError', reason: 'a key in quotes is expected at offset 1' });
  t.throws(() => c.parse('all.Kinds', '{"int32":1}\ufeff'), {
    name: 'JsonError',
    reason: 'the JSON text goes on behind its end, at offset 11',
  });
});

t.test('a form that begins with a byte order mark is refused with a reason that says so', async (t) => {
  t.throws(() => decodeForm(Buffer.concat([utf8Mark, Buffer.from('a=1')])), {
    name: 'JsonError',
    path: '',
    reason: 'the form begins with a byte order mark, which must be left out',
  });
  t.equal(decodePart(Buffer.concat([utf8Mark, Buffer.from('a')]), 'note'), '\ufeffa', 'text of a part is data');
});
