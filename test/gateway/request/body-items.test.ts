import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { test } from 'tap';
import { BodyItems } from '../../../gateway/request/body-items.js';
import { decoderOf } from '../../../gateway/request/decompress.js';
import type { ItemSink } from '../../../gateway/request/items.js';
import { createJsonSplitter } from '../../../proto/json/splitter.js';

/** Notes what it is given. */
class Notes implements ItemSink {
  readonly items: string[] = [];
  outcome = '';
  onItem: () => void = () => {};
  done: () => void = () => {};
  readonly settled = new Promise<void>((resolve) => {
    this.done = resolve;
  });

  item(bytes: Uint8Array): void {
    this.items.push(Buffer.from(bytes).toString());
    this.onItem();
  }

  end(): void {
    this.outcome += 'end';
    this.done();
  }

  fail(error: unknown): void {
    this.outcome += (error as Error).message;
    this.done();
  }
}

function itemsOf(body: Readable, coding?: string): { source: BodyItems; notes: Notes } {
  const source = new BodyItems(body, decoderOf(coding), createJsonSplitter(100_000));
  const notes = new Notes();
  source.start(notes);
  return { source, notes };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('ten thousand items in one chunk are given a few at a time, and others have their turn between', async (t) => {
  const body = new PassThrough({ highWaterMark: 1024 * 1024 });
  body.end('{}\n'.repeat(10_000));
  const { notes } = itemsOf(body);
  let most = 0;
  let before = 0;
  while (notes.outcome === '') {
    await turn();
    most = Math.max(most, notes.items.length - before);
    before = notes.items.length;
  }
  t.equal(notes.items.length, 10_000);
  t.equal(notes.outcome, 'end');
  t.ok(most <= 512, `${most} in a turn`);
});

test('while it pauses nothing is given, also not of what has come, nor is more read', async (t) => {
  const body = new PassThrough();
  body.write('1 2 3 ');
  const { source, notes } = itemsOf(body);
  notes.onItem = () => source.pause();
  await turn();
  await turn();
  t.strictSame(notes.items, ['1']);
  t.ok(body.isPaused());
  source.resume();
  t.strictSame(notes.items, ['1', '2']);
  notes.onItem = () => {};
  source.resume();
  t.strictSame(notes.items, ['1', '2', '3']);
  body.end('4');
  await notes.settled;
  t.strictSame([notes.items, notes.outcome], [['1', '2', '3', '4'], 'end']);
});

test('the end waits for a pause to be over', async (t) => {
  const body = new PassThrough();
  body.end('1 2');
  const { source, notes } = itemsOf(body);
  notes.onItem = () => source.pause();
  for (let i = 0; i < 5; i += 1) await turn();
  t.strictSame([notes.items, notes.outcome], [['1'], '']);
  source.resume();
  for (let i = 0; i < 5; i += 1) await turn();
  t.strictSame([notes.items, notes.outcome], [['1', '2'], '']);
  source.resume();
  await notes.settled;
  t.equal(notes.outcome, 'end');
});

test('a body that breaks off fails, once', async (t) => {
  for (const coding of [undefined, 'gzip']) {
    const body = new PassThrough();
    body.on('error', () => {});
    const { notes } = itemsOf(body, coding);
    body.write(coding === undefined ? '1 2' : gzipSync('1 2').subarray(0, 15));
    await turn();
    body.destroy();
    await once(body, 'close');
    await turn();
    t.equal(notes.outcome, 'The request body is incomplete.');
  }
});

test('a body that fails is said so, once', async (t) => {
  const body = new PassThrough();
  const { notes } = itemsOf(body);
  body.destroy(new Error('reset'));
  await once(body, 'close').catch(() => undefined);
  await turn();
  t.equal(notes.outcome, 'The request body could not be read.');
});

test('what comes when nothing more is wanted is thrown away, and the body comes to its end', async (t) => {
  for (const coding of [undefined, 'gzip']) {
    const body = new PassThrough();
    const { source, notes } = itemsOf(body, coding);
    source.stop();
    body.end(Buffer.alloc(1_000_000, 'x'));
    await once(body, 'end');
    t.strictSame([notes.items, notes.outcome], [[], '']);
  }
});

test('a body that goes on when nothing more is wanted is cut within bounds', async (t) => {
  const chunk = Buffer.alloc(1024 * 1024);
  let read = 0;
  const body = new Readable({
    read() {
      read += 1;
      this.push(chunk);
    },
  });
  const { source } = itemsOf(body);
  source.stop();
  await once(body, 'close');
  t.ok(read >= 64 && read < 80, `${read} MiB`);
});

test('one that was not begun is left alone', async (t) => {
  const body = new PassThrough();
  const source = new BodyItems(body, undefined, createJsonSplitter(100));
  source.stop();
  t.notOk(body.readableFlowing);
});
