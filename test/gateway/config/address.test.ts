import { test } from 'tap';
import { parseListen, parseTarget } from '../../../gateway/config/address.js';

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

test('a target is HOST:PORT or grpcs://HOST:PORT, and anything else is explained', (t) => {
  const shape = (text: string) => `"${text}" lacks a host or a port; write HOST:PORT or grpcs://HOST:PORT`;
  const scheme = (name: string) => `unknown scheme "${name}://"; write HOST:PORT for plaintext or grpcs://HOST:PORT for TLS`;
  const rows = [
    ['localhost:50051', { address: 'localhost:50051', tls: false }],
    ['[::1]:50051', { address: '[::1]:50051', tls: false }],
    ['grpcs://api.example:443', { address: 'api.example:443', tls: true }],
    ['GRPCS://a:1', { address: 'a:1', tls: true }],
    ['localhost', shape('localhost')],
    ['localhost:0', shape('localhost:0')],
    ['grpcs://a', shape('grpcs://a')],
    ['grpcs://a:1/path', shape('grpcs://a:1/path')],
    ['https://a:1', scheme('https')],
    ['zookeeper://a:1/path', scheme('zookeeper')],
    ['', shape('')],
  ] as const;
  for (const [text, expected] of rows) t.strictSame(parseTarget(text), expected, JSON.stringify(text));
  t.end();
});
