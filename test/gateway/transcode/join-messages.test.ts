import protobuf from 'protobufjs';
import t from 'tap';
import { joinMessages } from '../../../gateway/transcode/join-messages.js';
import { schemaOf } from '../../swagger/sample.js';

const proto = `syntax = "proto3"; package a;
  message M { In in = 1; int32 n = 2; repeated In many = 3; map<string, In> map = 4; oneof o { In x = 5; In y = 6; } }
  message In { string a = 1; string b = 2; In in = 3; }`;
const type = schemaOf({ 'a.proto': proto }).message('a.M');
const { root } = protobuf.parse(proto);
const M = root.lookupType('a.M');

/** Pieces, one after another. */
function wireOf(...pieces: readonly object[]): Uint8Array {
  return Buffer.concat(pieces.map((piece) => M.encode(M.fromObject(piece)).finish()));
}

function join(...pieces: readonly object[]): object {
  if (type === undefined) throw new Error('no type');
  return M.toObject(M.decode(joinMessages(type, wireOf(...pieces))));
}

t.test('a message in pieces becomes one', async (t) => {
  t.same(join({ in: { a: '1' } }, { n: 7 }, { in: { b: '2' } }), { in: { a: '1', b: '2' }, n: 7 });
});

t.test('a message within it in pieces becomes one, too', async (t) => {
  t.same(join({ in: { in: { a: '1' } } }, { in: { in: { b: '2' } } }), { in: { in: { a: '1', b: '2' } } });
});

t.test('lists and maps keep their elements', async (t) => {
  t.same(join({ many: [{ a: '1' }] }, { many: [{ b: '2' }] }), { many: [{ a: '1' }, { b: '2' }] });
  t.same(join({ map: { k: { a: '1' } } }, { map: { l: { b: '2' } } }), { map: { k: { a: '1' }, l: { b: '2' } } });
});

t.test('of a oneof the last member stays the last', async (t) => {
  if (type === undefined) throw new Error('no type');
  const wire = joinMessages(type, wireOf({ x: { a: '1' } }, { y: { a: '2' } }, { x: { b: '3' } }));
  t.same(Buffer.from(wire).subarray(0, 1), Buffer.from([(6 << 3) | 2]), 'y stands first, x after it');
});

t.test('millions of small fields hold up nobody', async (t) => {
  if (type === undefined) throw new Error('no type');
  const many = Buffer.alloc(4 * 1024 * 1024);
  for (let i = 0; i < many.length; i += 2) many[i] = (3 << 3) | 2;
  const wire = Buffer.concat([wireOf({ in: { a: '1' } }), many, wireOf({ in: { b: '2' } })]);
  const times = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    t.equal(joinMessages(type, wire).length, wire.length - 2);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  t.ok(Math.min(...times) < 50, `${Math.min(...times)} ms`);
});

t.test('more pieces than anybody sets one by one stay as they came', async (t) => {
  if (type === undefined) throw new Error('no type');
  const wire = Buffer.concat(Array.from({ length: 5000 }, () => wireOf({ in: { a: '1' } })));
  t.equal(joinMessages(type, wire), wire);
});

t.test('what is whole stays the very bytes', async (t) => {
  if (type === undefined) throw new Error('no type');
  const wire = wireOf({ in: { a: '1' }, n: 3, many: [{}, {}] });
  t.equal(joinMessages(type, wire), wire);
});
