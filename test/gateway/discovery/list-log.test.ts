import { test } from 'tap';
import { ListLog } from '../../../gateway/discovery/list-log.js';

const endpoints = (...addresses: readonly string[]) => addresses.map((address) => ({ id: address, address, weight: 1 }));

function logging() {
  const lines: unknown[] = [];
  const line =
    (level: string) =>
    (about: object, text: string): void => {
      lines.push([level, about, text]);
    };
  return { lines, log: new ListLog('books', { info: line('info'), warn: line('warn') } as ConstructorParameters<typeof ListLog>[1]) };
}

test('each change of a list is one line, with what came and went; the same list again is none', async (t) => {
  const { lines, log } = logging();
  log.endpoints(endpoints('a:1', 'b:1'));
  log.endpoints(endpoints('a:1', 'b:1'));
  log.endpoints(endpoints('b:1', 'c:1'));
  log.endpoints([]);
  const text = 'the servers of an upstream have changed';
  t.same(lines, [
    ['info', { upstream: 'books', servers: 2, added: ['a:1', 'b:1'], removed: [] }, text],
    ['info', { upstream: 'books', servers: 2, added: ['c:1'], removed: ['a:1'] }, text],
    ['info', { upstream: 'books', servers: 0, added: [], removed: ['b:1', 'c:1'] }, text],
  ]);
});

test('a trouble that lasts is one line, and so is its end', async (t) => {
  const { lines, log } = logging();
  log.trouble(undefined);
  for (const problem of ['away', 'away', undefined, undefined]) log.trouble(problem);
  t.same(lines, [
    ['warn', { upstream: 'books', servers: 0, why: 'away' }, 'the servers of an upstream cannot be asked for, and the last list holds'],
    ['info', { upstream: 'books', servers: 0 }, 'the servers of an upstream are known again'],
  ]);
});

test('a line names twenty addresses of many', async (t) => {
  const { lines, log } = logging();
  log.endpoints(endpoints(...Array.from({ length: 1000 }, (_, i) => `s${i}:1`)));
  const [[, about]] = lines as [[string, { added: readonly string[] }]];
  t.equal(about.added.length, 21);
  t.equal(about.added.at(-1), 'and 980 more');
});
