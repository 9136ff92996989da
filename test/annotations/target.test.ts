import { test } from 'tap';
import { originForm, pathLength } from '../../annotations/target.js';

test('request targets (RFC 9112, section 3.2) in origin form', async (t) => {
  const rows: readonly (readonly [target: string, origin: string | undefined, path?: string])[] = [
    ['/v1/x?a=b', '/v1/x?a=b', '/v1/x'],
    ['/v1/x?a=/?b', '/v1/x?a=/?b', '/v1/x'],
    ['//host/x', '//host/x', '//host/x'],
    ['http://host/v1/x?a=b', '/v1/x?a=b', '/v1/x'],
    ['HTTP://user:pass@[::1]:80/x', '/x', '/x'],
    ['http://host', '/', '/'],
    ['http://host?a=b', '/?a=b', '/'],
    ['ws://host/x', '/x', '/x'],
    ['*', undefined],
    ['host:443', undefined],
    ['', undefined],
    ['x/y', undefined],
    ['http:/x', undefined],
  ];
  for (const [target, origin, path] of rows) {
    t.equal(originForm(target), origin, target);
    if (origin !== undefined) t.equal(origin.slice(0, pathLength(origin)), path);
  }
});
