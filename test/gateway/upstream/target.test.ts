import { test } from 'tap';
import { parseTarget } from '../../../gateway/upstream/target.js';

const good: readonly [text: string, address: string, tls: boolean][] = [
  ['localhost:50051', 'localhost:50051', false],
  ['127.0.0.1:1', '127.0.0.1:1', false],
  ['[::1]:50051', '[::1]:50051', false],
  ['books_1.internal.example.com.:65535', 'books_1.internal.example.com.:65535', false],
  ['grpcs://books.example.com:443', 'books.example.com:443', true],
  ['GRPCS://[2001:db8::1]:443', '[2001:db8::1]:443', true],
  ['h:0443', 'h:443', false],
];

const bad: readonly [text: string, reason: string][] = [
  ['localhost', 'the port is missing, there is no default: write localhost:PORT'],
  ['localhost:', 'the port is missing, there is no default: write localhost:PORT'],
  ['grpcs://localhost', 'the port is missing, there is no default: write grpcs://localhost:PORT'],
  ['[::1]', 'the port is missing, there is no default: write [::1]:PORT'],
  [
    ':50051',
    'the host is missing: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    '',
    'the host is missing: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  ['h:0', '0 is no port: write a number from 1 to 65535'],
  ['h:65536', '65536 is no port: write a number from 1 to 65535'],
  ['h:http', 'http is no port: write a number from 1 to 65535'],
  ['::1:50051', 'an IPv6 address stands in brackets: write [ADDRESS]:PORT'],
  [
    'http://localhost:80',
    'scheme http:// is not supported: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    'grpc://localhost:80',
    'scheme grpc:// is not supported: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    'zk://books:80',
    'scheme zk:// is not supported: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    'grpcs://h:443/',
    'only a host and a port can stand here: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    'u@h:443',
    'only a host and a port can stand here: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    ' h:443',
    'only a host and a port can stand here: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    'a:1,b:2',
    'a list cannot stand here: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    'grpcs://[::1]:1;[::2]:2',
    'a list cannot stand here: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  ['a::1', 'an IPv6 address stands in brackets: write [ADDRESS]:PORT'],
  [
    'h:1:2',
    'only a host and a port can stand here: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    '-h:443',
    '-h is no host: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
  [
    '[nothex]:443',
    '[nothex] is no host: write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX',
  ],
];

test('a target names a host, a port and perhaps TLS', async (t) => {
  for (const [text, address, tls] of good) t.same(parseTarget(text), { ok: true, value: { address, tls }, warnings: [] }, text);
});

test('a target of DNS names a host and a port, as gRPC writes it or with two slashes', async (t) => {
  for (const text of ['dns://books:80', 'dns:///books:80', 'DNS://books:080'])
    t.same(parseTarget(text), { ok: true, value: { address: 'books:80', tls: false, dns: true }, warnings: [] }, text);
  t.match(parseTarget('dns://books'), {
    ok: false,
    problems: [{ reason: 'the port is missing, there is no default: write dns://books:PORT' }],
  });
  t.match(parseTarget('dns://8.8.8.8/books:80'), { ok: false });
});

test('a target of etcd names a host, a port and a prefix, which ends in a slash', async (t) => {
  for (const [text, etcd] of [
    ['etcd://h:2379/services/books', 'services/books/'],
    ['ETCD://h:2379//services/books/', '/services/books/'],
  ] as const)
    t.same(parseTarget(text), { ok: true, value: { address: 'h:2379', tls: false, etcd }, warnings: [] }, text);
  for (const text of ['etcd://h:2379', 'etcd://h:2379/', 'etcd://h/books', 'etcd://h:2379/a b', 'etcd://a:1,b:2/books'])
    t.match(parseTarget(text), { ok: false, problems: [{ subject: text }] }, text);
});

test('anything else is refused with what to write instead', async (t) => {
  for (const [text, reason] of bad)
    t.same(parseTarget(text), { ok: false, problems: [{ severity: 'error', subject: text, reason }] }, text);
});
