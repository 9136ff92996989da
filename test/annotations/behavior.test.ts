import t from 'tap';
import { type FieldUse, fieldUse } from '../../annotations/behavior.js';
import type { FieldType } from '../../proto/schema.js';
import { LENGTH } from '../../proto/wire/wire.js';
import { WireWriter } from '../../proto/wire/writer.js';
import { protoOf, schemaOf } from '../swagger/sample.js';

const plain: FieldUse = {
  required: false,
  outputOnly: false,
  inputOnly: false,
  immutable: false,
  format: undefined,
  reference: false,
};
const field = schemaOf(protoOf('message M { string x = 1; }')).message('a.M')?.fields[0];

function useOf(options: Uint8Array): FieldUse {
  if (field === undefined) throw new Error('no field');
  const other: FieldType = { ...field, options };
  return fieldUse(other);
}

const cases: readonly [name: string, options: Uint8Array, expected: Partial<FieldUse>][] = [
  ['no options', new Uint8Array(), {}],
  ['values one by one', new WireWriter().varintField(1052, 2).varintField(1052, 5).finish(), { required: true, immutable: true }],
  ['values packed', new WireWriter().bytesField(1052, Uint8Array.of(3, 4)).finish(), { outputOnly: true, inputOnly: true }],
  ['values yet unknown', new WireWriter().varintField(1052, 99).finish(), {}],
  ['a format', new WireWriter().bytesField(291403980, new WireWriter().varintField(1, 1).finish()).finish(), { format: 'uuid' }],
  ['a format that has no name', new WireWriter().bytesField(291403980, new WireWriter().varintField(1, 4).finish()).finish(), {}],
  ['a format yet unknown', new WireWriter().bytesField(291403980, new WireWriter().varintField(1, 99).finish()).finish(), {}],
  [
    'a reference to a resource',
    new WireWriter().bytesField(1055, new WireWriter().bytesField(1, 'a/B').finish()).finish(),
    { reference: true },
  ],
  ['other options', new WireWriter().varintField(3, true).bytesField(50000, 'x').varintField(1052, 2).finish(), { required: true }],
  ['broken options', new WireWriter().varintField(1052, 2).tag(1052, LENGTH).uint32(9).finish(), { required: true }],
];

t.test('options say how a field is used', async (t) => {
  for (const [name, options, expected] of cases) t.same(useOf(options), { ...plain, ...expected }, name);
});
