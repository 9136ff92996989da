import { test } from 'tap';
import { ReflectionMemory, reflectionMemory } from '../../../../gateway/sources/reflection/memory.js';
import type { Reflected } from '../../../../gateway/sources/reflection/reflect.js';

const server = { name: 'books', target: 'a:1' };
const answer = (version: string, more: Partial<Reflected> = {}): Reflected => ({
  version,
  sources: [],
  services: ['p.S'],
  lacking: [],
  ...more,
});
const good = (version: string, more: Partial<Reflected> = {}) => ({ ok: true, value: answer(version, more), warnings: [] }) as const;

/** Verdicts on versions in a row, the first of which was loaded. */
function verdicts(versions: string): readonly string[] {
  const [first = '', ...rest] = versions;
  const memory = new ReflectionMemory(server);
  memory.keep(answer(first));
  return rest.map((version) => memory.observe(answer(version)));
}

test('an answer is the same, or new', (t) => {
  t.strictSame(verdicts('AABBCC'), ['same', 'changed', 'same', 'changed', 'same']);
  t.end();
});

test('servers of two versions behind one address change the schema once', (t) => {
  t.strictSame(verdicts('ABABABAB'), ['changed', 'older', 'same', 'older', 'same', 'older', 'same']);
  t.strictSame(verdicts('ABAABAAB'), ['changed', 'older', 'older', 'same', 'older', 'older', 'same']);
  t.end();
});

test('a roll-back is one when nothing else is heard any more, each further time for twice as long', (t) => {
  t.strictSame(verdicts('ABAAAA'), ['changed', 'older', 'older', 'changed', 'same']);
  t.strictSame(verdicts('ABAAABBB'), ['changed', 'older', 'older', 'changed', 'older', 'older', 'changed']);
  t.strictSame(verdicts('ABAAABBBAAAAAA').slice(7), ['older', 'older', 'older', 'older', 'older', 'changed']);
  t.end();
});

test('versions from long ago are forgotten', (t) => {
  const memory = new ReflectionMemory(server);
  memory.keep(answer('first'));
  for (let i = 0; i < 32; i += 1) t.equal(memory.observe(answer(`v${i}`)), 'changed');
  t.equal(memory.observe(answer('first')), 'changed');
  t.equal(memory.observe(answer('v20')), 'older');
  t.end();
});

test('an answer that lacks what was there is a failure, one that always lacked it is not', (t) => {
  const memory = new ReflectionMemory(server);
  const partial = good('B', { services: [], lacking: ['p.S'] });
  t.equal(memory.judge(partial), partial);
  memory.keep(answer('A'));
  memory.confirm();
  t.strictSame(memory.judge(partial), {
    ok: false,
    problems: [
      { severity: 'error', subject: 'upstream books (a:1)', reason: 'does not describe p.S any more, though it lists it', temporary: true },
    ],
  });
  t.equal(memory.judge(good('C', { services: [] })).ok, true, 'a service that is not listed any more is gone');
  const failed = { ok: false, problems: [] } as const;
  t.equal(memory.judge(failed), failed);
  t.end();
});

test('what is left for a load is taken once', (t) => {
  const memory = new ReflectionMemory(server);
  const left = answer('A');
  memory.leave(left);
  t.strictSame([memory.takeLeft(), memory.takeLeft()], [left, undefined]);
  t.end();
});

test('each server has its memory, and another address under the same name a new one', (t) => {
  const all = new Map<string, unknown>();
  const memory = reflectionMemory(all, server);
  t.equal(reflectionMemory(all, { ...server }), memory);
  t.not(reflectionMemory(all, { ...server, target: 'a:2' }), memory);
  t.not(reflectionMemory(all, { ...server, name: 'other' }), memory);
  t.end();
});
