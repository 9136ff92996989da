import { test } from 'tap';
import { parseListen, parsePlace } from '../../../gateway/config/address.js';

test('a listen address is HOST:PORT, IPv6 hosts in brackets', (t) => {
  const rows = [
    ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:443', { host: '::1', port: 443 }],
    ['a:65535', { host: 'a', port: 65535 }],
    ['a:65536', undefined],
    ['::1:80', undefined],
    ['8080', undefined],
    [':8080', undefined],
    ['a:', undefined],
    ['a b:1', undefined],
    ['a:1\n', undefined],
  ] as const;
  for (const [text, expected] of rows) t.strictSame(parseListen(text), expected, JSON.stringify(text));
  t.end();
});

test('a place is an address, a path in the file system, or what systemd passes', (t) => {
  const rows = [
    ['a:1', { host: 'a', port: 1 }],
    ['unix:/run/x.sock', { path: '/run/x.sock' }],
    ['systemd', 'systemd'],
    ['unix:', undefined],
    ['unix:x', undefined],
    [`unix:/${'x'.repeat(101)}`, undefined],
    ['/run/x.sock', undefined],
  ] as const;
  for (const [text, expected] of rows) t.strictSame(parsePlace(text), expected, text);
  t.end();
});
