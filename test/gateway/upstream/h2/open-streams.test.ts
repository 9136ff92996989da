import { test } from 'tap';
import { type OpenStream, OpenStreams } from '../../../../gateway/upstream/h2/open-streams.js';

class Stream implements OpenStream {
  nextInBucket: this | undefined;
  constructor(readonly stream: number) {}
}

const numbers = (streams: Iterable<Stream>) => [...streams].map(({ stream }) => stream).sort((a, b) => a - b);

test('streams are found by their identifiers until they are deleted', async (t) => {
  const open = new OpenStreams<Stream>();
  // More than there are buckets at first, and several in a bucket.
  const added = Array.from({ length: 500 }, (_, i) => new Stream(2 * i + 1 + (i % 3) * 4096));
  for (const one of added) open.add(one);
  t.equal(open.size, added.length);
  for (const one of added) t.equal(open.get(one.stream), one);
  t.equal(open.get(4001), undefined);

  const [gone, kept] = [added.filter((_, i) => i % 5 !== 0), added.filter((_, i) => i % 5 === 0)];
  for (const one of gone) open.delete(one);
  t.equal(open.size, kept.length);
  for (const one of gone) t.equal(open.get(one.stream), undefined);
  for (const one of kept) t.equal(open.get(one.stream), one);
  t.same(numbers(open.all()), numbers(kept));
});

test('a stream that is gone leads to no other one', async (t) => {
  const open = new OpenStreams<Stream>();
  const [first, second, third] = [new Stream(1), new Stream(129), new Stream(257)];
  for (const one of [first, second, third]) open.add(one);
  t.ok(third.nextInBucket === second && second.nextInBucket === first);
  open.delete(second);
  t.equal(second.nextInBucket, undefined);
  t.equal(third.nextInBucket, first);
  open.delete(third);
  t.equal(third.nextInBucket, undefined);
});

test('deleting what is not there has no effect', async (t) => {
  const open = new OpenStreams<Stream>();
  open.add(new Stream(1));
  open.delete(new Stream(1));
  open.delete(new Stream(129));
  t.equal(open.size, 1);
  t.same(numbers(open.all()), [1]);
});
