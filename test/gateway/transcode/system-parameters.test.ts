import { test } from 'tap';
import { Refusal } from '../../../gateway/exchange/refusal.js';
import { compileSystemParameters, type SystemParameterNames, type SystemParameters } from '../../../gateway/transcode/system-parameters.js';
import { JsonError } from '../../../proto/json/codec.js';
import { schemaOf } from '../../support/schema.js';

const schema = schemaOf({ 'a.proto': 'syntax = "proto3"; package a; message Q { string alt = 1; string pretty_print = 2; }' });
const read = (query: string, spelling: SystemParameterNames = 'dollar') => {
  const type = schema.message('a.Q');
  if (type === undefined) throw new Error('no message');
  return compileSystemParameters(type, spelling)(query);
};

const none: SystemParameters = { alt: undefined, enumNumbers: false, pretty: false, fields: undefined, key: undefined, query: '' };

const rows: readonly { name: string; query: string; spelling?: SystemParameterNames; read: SystemParameters | undefined }[] = [
  { name: 'an empty query has none', query: '', read: undefined },
  { name: 'fields are none', query: 'a=1&b=2', read: undefined },
  { name: 'nor is a dollar in a value', query: 'a=$alt', read: undefined },
  { name: '$alt', query: '$alt=proto', read: { ...none, alt: 'proto' } },
  { name: '$alt with an option', query: '$alt=json;enum-encoding=int', read: { ...none, alt: 'json', enumNumbers: true } },
  { name: 'encoded', query: '%24alt=json%3Benum-encoding%3Dint', read: { ...none, alt: 'json', enumNumbers: true } },
  { name: 'half encoded', query: '$alt=json%3Benum-encoding=int', read: { ...none, alt: 'json', enumNumbers: true } },
  { name: '$prettyPrint', query: '$prettyPrint=true', read: { ...none, pretty: true } },
  { name: '$fields is decoded', query: '$fields=a%2Cb', read: { ...none, fields: 'a,b' } },
  { name: '$key', query: '$key=secret', read: { ...none, key: 'secret' } },
  {
    name: 'the rest of the query stays as it was',
    query: 'a=%41&$alt=json&&b=1%2B1',
    read: { ...none, alt: 'json', query: 'a=%41&&b=1%2B1' },
  },
  { name: 'without a dollar they are fields', query: 'prettyPrint=true', read: undefined },
  {
    name: 'unless both spellings are taken',
    query: 'fields=a&key=k&x=1',
    spelling: 'both',
    read: { ...none, fields: 'a', key: 'k', query: 'x=1' },
  },
  { name: 'a field of that name comes first', query: 'alt=x&prettyPrint=true', spelling: 'both', read: undefined },
  { name: 'the dollar tells them apart', query: 'alt=x&$alt=json', spelling: 'both', read: { ...none, alt: 'json', query: 'alt=x' } },
];

for (const { name, query, spelling, read: expected } of rows) {
  test(name, async (t) => t.strictSame(read(query, spelling), expected));
}

for (const [query, field, reason] of [
  ['$alt=xml', '$alt', 'must be json, proto or sse'],
  ['$alt', '$alt', 'must be json, proto or sse'],
  ['$alt=json;enum-encoding=string', '$alt', 'has one option, enum-encoding=int'],
  ['$prettyPrint=1', '$prettyPrint', 'must be true or false'],
  ['$alt=json&%24alt=json', '$alt', 'is given twice'],
  ['$callback=x', '$callback', 'unknown system parameter'],
  ['$prettyprint=true', '$prettyprint', 'unknown system parameter; is "$prettyPrint" meant?'],
  ['$=1', '$', 'unknown system parameter'],
] as const) {
  test(`${query} is refused`, async (t) => t.throws(() => read(query), new Refusal('field', field, reason)));
}

test('malformed percent-encoding is refused', async (t) => {
  t.throws(() => read('$fields=%zz'), JsonError);
});
