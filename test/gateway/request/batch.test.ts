import { test } from 'tap';
import { Batch } from '../../../gateway/request/batch.js';

test('pieces are taken as one, in their order', async (t) => {
  const batch = new Batch();
  for (const piece of ['one', '', 'two']) batch.add(Buffer.from(piece));
  t.equal(batch.length, 6);
  t.equal(Buffer.from(batch.take()).toString(), 'onetwo');
  t.equal(batch.length, 0);
  t.equal(batch.take().length, 0);
});

test('a lone piece is taken as it is', async (t) => {
  const batch = new Batch();
  const piece = Buffer.from('one');
  batch.add(piece);
  t.equal(batch.take(), piece);
});
