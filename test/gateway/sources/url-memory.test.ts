import { test } from 'tap';
import type { Fetched } from '../../../gateway/sources/url.js';
import { forgetUrls, urlMemory } from '../../../gateway/sources/url-memory.js';

const answer = (version: string): Fetched => ({ source: { origin: 'x', version, files: [] }, etag: undefined, lastModified: undefined });

test('each URL has its memory, which is forgotten when it is not named any more', async (t) => {
  const all = new Map<string, unknown>([['reflection:x', 1]]);
  const [a, b] = [urlMemory(all, 'http://a'), urlMemory(all, 'http://b')];
  t.not(a, b);
  t.equal(urlMemory(all, 'http://a'), a);
  forgetUrls(all, ['http://b', 'http://c']);
  t.not(urlMemory(all, 'http://a'), a);
  t.equal(urlMemory(all, 'http://b'), b);
  t.equal(all.get('reflection:x'), 1, 'what is known of other sources stays');
});

test('what is left for a load is taken once', async (t) => {
  const memory = urlMemory(new Map(), 'http://a');
  t.equal(memory.takeLeft(), undefined);
  memory.leave(answer('1'));
  t.strictSame(memory.takeLeft(), answer('1'));
  t.equal(memory.takeLeft(), undefined);
});

test('an answer is good when a generation was made of it', async (t) => {
  const memory = urlMemory(new Map(), 'http://a');
  memory.loaded = answer('1');
  t.equal(memory.good, undefined);
  memory.confirm();
  t.equal(memory.good, memory.loaded);
});
