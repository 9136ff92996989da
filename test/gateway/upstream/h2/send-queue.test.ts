import { test } from 'tap';
import { SendQueue } from '../../../../gateway/upstream/h2/send-queue.js';
import { framed } from '../contract/raw.js';

const messages = ['', 'one', '', 'a longer one', 'x'.repeat(300), ''].map((text) => Buffer.from(text));
const wire = Buffer.concat(messages.map((m) => framed(m)));

test('messages leave with their heads, in pieces of any size', async (t) => {
  for (let size = 1; size <= wire.length; size++) {
    const queue = new SendQueue();
    for (const m of messages) queue.push(m);
    t.equal(queue.length, wire.length);
    const out = Buffer.alloc(wire.length);
    for (let pos = 0; pos < out.length; pos += size) queue.take(out, pos, Math.min(size, out.length - pos));
    t.ok(out.equals(wire), `${size} octets at a time`);
    t.equal(queue.length, 0);
  }
});

test('a cleared queue starts anew', async (t) => {
  const queue = new SendQueue();
  queue.push(Buffer.from('lost'));
  queue.push(Buffer.from('too'));
  queue.take(Buffer.alloc(7), 0, 7);
  queue.clear();
  t.equal(queue.length, 0);
  queue.push(Buffer.from('kept'));
  const out = Buffer.alloc(9);
  queue.take(out, 0, 9);
  t.ok(out.equals(framed('kept')));
});
