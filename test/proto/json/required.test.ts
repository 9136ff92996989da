import { test } from 'tap';
import { createCodec } from '../../../proto/json/create.js';
import { schemaOf } from '../../support/schema.js';
import { wire } from './codec-case.js';

const schema = schemaOf({
  'r.proto': `syntax = "proto2";
    package r;
    message Free { optional string id = 1; optional Free inner = 2; map<string, Free> map = 3; }
    message A { optional B b = 1; optional Free free = 2; }
    message B { optional A a = 1; optional C c = 2; }
    message C { repeated A as = 1; required string id = 2; }
    message Open { extensions 5; }
    extend Open { optional Chain chain = 5; }
    message Chain { optional Chain next = 1; optional C c = 2; }
    message Numbers { map<sint64, C> signed = 1; map<bool, C> flags = 2; map<fixed32, C> fixed = 3; map<string, C> texts = 4; }`,
});

/** The check of a type by a codec that has first been asked for those of others. */
function checkOf(name: string, ...before: readonly string[]) {
  const codec = createCodec(schema);
  const check = (type: string) => {
    const found = schema.message(type);
    if (found === undefined) throw new Error(`no ${type}`);
    return codec.required(found);
  };
  for (const other of before) check(other);
  return check(name);
}

/** The path of what is missing; undefined if nothing is. */
function missing(name: string, bytes: Uint8Array, ...before: readonly string[]): string | undefined {
  try {
    checkOf(name, ...before)?.(bytes, 'json');
    return undefined;
  } catch (e) {
    return String(e);
  }
}

test('a type that requires nothing in any depth has no check', (t) => {
  t.equal(checkOf('r.Free'), undefined);
  t.equal(checkOf('r.Free', 'r.A', 'r.C'), undefined);
  t.end();
});

for (const before of [[], ['r.A'], ['r.B'], ['r.C'], ['r.Free', 'r.C', 'r.B', 'r.A']]) {
  test(`types that hold each other have their checks, whichever was asked for first: ${before.join()}`, (t) => {
    t.equal(missing('r.A', wire('0a 00'), ...before), undefined);
    t.equal(missing('r.A', wire('0a 02 12 00'), ...before), 'JsonError: b.c.id: is required');
    t.equal(missing('r.B', wire('0a 04 0a 02 12 00'), ...before), 'JsonError: a.b.c.id: is required');
    t.equal(missing('r.C', wire('12 00 0a 04 0a 02 12 00'), ...before), 'JsonError: as[0].b.c.id: is required');
    t.equal(missing('r.A', wire('12 04 12 02 12 00'), ...before), undefined, 'Free');
    t.end();
  });
}

test('elements are counted for each message anew', (t) => {
  const bytes = wire('12 00  0a 0c 0a 0a 12 08 12 00 0a 00 0a 00 0a 00  0a 0c 0a 0a 12 08 12 00 0a 00 0a 02 0a 00');
  t.equal(missing('r.C', bytes), undefined);
  t.equal(missing('r.C', wire('12 00 0a 00 0a 0a 0a 08 12 06 12 00 0a 02 12 00')), undefined, 'Free in an element');
  t.equal(missing('r.C', wire('12 00 0a 00 0a 0c 0a 0a 12 08 12 00 0a 04 0a 02 12 00')), 'JsonError: as[1].b.c.as[0].b.c.id: is required');
  t.end();
});

for (const [bytes, path] of [
  ['0a 04 08 01 12 00', 'signed["-1"].id'],
  ['12 04 08 01 12 00', 'flags["true"].id'],
  ['1a 07 0d 07 00 00 00 12 00', 'fixed["7"].id'],
  [`22 05 0a 01 '"' 12 00`, 'texts["\\""].id'],
  ['22 02 12 00', 'texts[""].id'],
  ['22 00', 'texts[""].id'],
] as const) {
  test(`a value of a map is named by its key: ${path}`, async (t) =>
    t.equal(missing('r.Numbers', wire(bytes)), `JsonError: ${path}: is required`));
}

test('what stands within an extension is checked as far as messages may be nested', (t) => {
  /** `depth` messages within each other. */
  const nest = (depth: number): Buffer => {
    let bytes = Buffer.alloc(0);
    for (let i = 0; i < depth; i++) {
      const length = bytes.length < 0x80 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
      bytes = Buffer.concat([Buffer.from([i === depth - 1 ? 0x2a : 0x0a, ...length]), bytes]);
    }
    return bytes;
  };
  t.equal(missing('r.Open', nest(99)), undefined);
  t.equal(missing('r.Open', nest(100)), 'JsonError: the message is malformed: messages are nested deeper than 100');
  t.equal(missing('r.Open', wire('2a 02 12 00')), 'JsonError: [r.chain].c.id: is required');
  t.equal(missing('r.Open', wire('2a 02 12 01')), 'JsonError: the message is malformed: truncated');
  t.equal(missing('r.Open', wire('2a 02 13 14')), undefined, 'a group where a message is declared is another field');
  t.end();
});
