import { test } from 'tap';
import { createRouteTable } from '../../annotations/table.js';
import { bindingsOf, describeMatch, tableOf } from '../support/routes.js';

const dots = '400 the path has a "." or ".." segment';
const malformed = '400 the path has malformed percent-encoding or invalid UTF-8';

/** Sentence, rules, then request line -> what it resolves to. */
const rows: readonly (readonly [name: string, rules: readonly string[], requests: Readonly<Record<string, string>>])[] = [
  [
    '`*` matches a single URL path segment',
    ['GET /v1/{a}'],
    { 'GET /v1/x': 'GET /v1/{a} [x]', 'GET /v1': '404', 'GET /v1/x/y': '404', 'GET /v2/x': '404' },
  ],
  ['`{var}` is equivalent to `{var=*}`', ['GET /v1/{a=*}'], { 'GET /v1/x': 'GET /v1/{a=*} [x]', 'GET /v1/x/y': '404' }],
  [
    '`**` matches zero or more URL path segments',
    ['GET /v1/{a=**}'],
    {
      'GET /v1': 'GET /v1/{a=**} []',
      'GET /v1/': 'GET /v1/{a=**} []',
      'GET /v1/x': 'GET /v1/{a=**} [x]',
      'GET /v1/x/': 'GET /v1/{a=**} [x/]',
      'GET /v1/x//y': 'GET /v1/{a=**} [x//y]',
      'GET /v1//': 'GET /v1/{a=**} [/]',
      'GET /v1x': '404',
    },
  ],
  [
    'a variable of several segments captures literals too',
    ['GET /v1/{a=shelves/*/books/**}'],
    {
      'GET /v1/shelves/1/books/2/3': 'GET /v1/{a=shelves/*/books/**} [shelves/1/books/2/3]',
      'GET /v1/shelves/1/books': 'GET /v1/{a=shelves/*/books/**} [shelves/1/books]',
      'GET /v1/shelves//books/2': '404',
    },
  ],
  [
    'several variables capture in order of appearance',
    ['GET /{b}/x/{a=y/*}/{m.a}'],
    { 'GET /1/x/y/2/3': 'GET /{b}/x/{a=y/*}/{m.a} [1, y/2, 3]' },
  ],
  [
    'literals may follow `**`',
    ['GET /v1/{a=**}/ops', 'GET /v1/{a=**}/all/ops', 'GET /v1/{a=ops/**/last}', 'GET /v1/{a=**}'],
    {
      'GET /v1/ops': 'GET /v1/{a=**}/ops []',
      'GET /v1//ops': 'GET /v1/{a=**}/ops []',
      'GET /v1/x/y/ops': 'GET /v1/{a=**}/ops [x/y]',
      'GET /v1/x/all/ops': 'GET /v1/{a=**}/all/ops [x]',
      'GET /v1/all/ops': 'GET /v1/{a=**}/all/ops []',
      'GET /v1/ops/ops': 'GET /v1/{a=**}/ops [ops]',
      'GET /v1/ops/1/last': 'GET /v1/{a=ops/**/last} [ops/1/last]',
      'GET /v1/ops/last': 'GET /v1/{a=ops/**/last} [ops/last]',
      'GET /v1/x/last': 'GET /v1/{a=**} [x/last]',
      'GET /v1/ops/': 'GET /v1/{a=**} [ops/]',
    },
  ],
  [
    'the root is a path of its own',
    ['GET /', 'GET /{a}/x'],
    { 'GET /': 'GET / []', 'GET //x': '404', 'GET /?q=1': 'GET / []', 'GET http://host': 'GET / []', 'GET http://host?q': 'GET / []' },
  ],
  [
    'most specific wins at each segment: literal, then single, then `**`',
    ['GET /v1/{a=**}', 'GET /v1/{a}/x', 'GET /v1/b/{c}', 'GET /v1/{a}/{b}'],
    {
      'GET /v1/b/x': 'GET /v1/b/{c} [x]',
      'GET /v1/a/x': 'GET /v1/{a}/x [a]',
      'GET /v1/a/y': 'GET /v1/{a}/{b} [a, y]',
      'GET /v1/a/y/z': 'GET /v1/{a=**} [a/y/z]',
    },
  ],
  [
    'backtracking goes back over segments',
    ['GET /a/b/c/x', 'GET /a/{b}/c/y', 'GET /{a}/b/{c}/z', 'GET /{a=**}'],
    {
      'GET /a/b/c/x': 'GET /a/b/c/x []',
      'GET /a/b/c/y': 'GET /a/{b}/c/y [b]',
      'GET /a/b/c/z': 'GET /{a}/b/{c}/z [a, c]',
      'GET /a/b/c/w': 'GET /{a=**} [a/b/c/w]',
    },
  ],
  [
    'backtracking goes over HTTP methods too',
    ['GET /v1/books', 'DELETE /v1/{a}', 'PUT /{a=**}'],
    {
      'DELETE /v1/books': 'DELETE /v1/{a} [books]',
      'PUT /v1/books': 'PUT /{a=**} [v1/books]',
      'POST /v1/books': '405 DELETE, GET, HEAD, PUT',
    },
  ],
  [
    'a verb is the text after the last colon of the last segment where some template has it',
    ['POST /v1/{a=books/*}:lock', 'GET /v1/{a=books/*}'],
    {
      'POST /v1/books/1:lock': 'POST /v1/{a=books/*}:lock [books/1]',
      'POST /v1/books/1:2:lock': 'POST /v1/{a=books/*}:lock [books/1:2]',
      'GET /v1/books/1:2': 'GET /v1/{a=books/*} [books/1:2]',
      'GET /v1/books/1:': 'GET /v1/{a=books/*} [books/1:]',
      'GET /v1/books/:lock': 'GET /v1/{a=books/*} [books/:lock]',
      'POST /v1/books/:lock': '405 GET, HEAD',
      'POST /v1/books/1:LOCK': '405 GET, HEAD',
    },
  ],
  ['a verb that exists under another method is still a verb', ['POST /v1/{a}:lock', 'GET /v1/{a}'], { 'GET /v1/1:lock': '405 POST' }],
  ['an encoded colon is data', ['POST /v1/{a}:lock', 'GET /v1/{a}'], { 'GET /v1/1%3Alock': 'GET /v1/{a} [1:lock]' }],
  [
    'a colon before the last segment is data',
    ['GET /v1/{a}/x', 'GET /v1/y:z/x'],
    { 'GET /v1/b:c/x': 'GET /v1/{a}/x [b:c]', 'GET /v1/y:z/x': 'GET /v1/y:z/x []' },
  ],
  [
    'a verb may follow a literal, `**` and what follows `**`',
    ['POST /v1/books:lock', 'POST /v1/{a=**}:lock', 'POST /v2/{a=**}/x:lock', 'GET /v1/{a}'],
    {
      'POST /v1/books:lock': 'POST /v1/books:lock []',
      'POST /v1:lock': 'POST /v1/{a=**}:lock []',
      'POST /v1/:lock': 'POST /v1/{a=**}:lock []',
      'POST /v1/a/b:lock': 'POST /v1/{a=**}:lock [a/b]',
      'POST /v1/a/:lock': 'POST /v1/{a=**}:lock [a/]',
      'POST /v2/a/x:lock': 'POST /v2/{a=**}/x:lock [a]',
      'POST /v2/x:lock': 'POST /v2/{a=**}/x:lock []',
      'POST /v2/a/x:z': '404',
      'GET /v1/books:lock': '405 POST',
      'GET /v1/books:open': 'GET /v1/{a} [books:open]',
    },
  ],
  [
    'a trailing slash makes another path',
    ['GET /v1/books', 'GET /v2/{a}'],
    { 'GET /v1/books/': '404', 'GET /v2/x/': '404', 'GET /v2/': '404', 'GET //v1/books': '404', 'GET /v1//books': '404' },
  ],
  [
    'dot segments are refused unless literal in a template',
    ['GET /v1/{a}', 'GET /v1/{a}/x', 'GET /v2/./x', 'GET /v3/{a=**}', 'POST /v3/{a=**}:lock', 'GET /v4/{a=**}/..', 'GET /v4/{a=**}/x'],
    {
      'GET /v1/..': dots,
      'GET /v1/.': dots,
      'GET /v1/%2e%2E': dots,
      'GET /v1/.%2e/x': dots,
      'GET /v1/...': 'GET /v1/{a} [...]',
      'GET /v1/.x': 'GET /v1/{a} [.x]',
      'GET /v2/./x': 'GET /v2/./x []',
      'GET /v2/../x': dots,
      'GET /v2/%2e/x': dots,
      'GET /v3/x/../y': dots,
      'GET /v3/x/..': dots,
      'POST /v3/x/..:lock': dots,
      'GET /v4/../x': dots,
      'GET /v4/x/..': 'GET /v4/{a=**}/.. [x]',
      'GET /v4/../..': dots,
      'GET /nowhere/..': dots,
    },
  ],
  [
    'literals compare as sent, but for the case of hex digits',
    ['GET /v1/caf%c3%a9', 'GET /v1/a%2Fb:do%2fit', 'GET /v1/books'],
    {
      'GET /v1/caf%C3%A9': 'GET /v1/caf%c3%a9 []',
      'GET /v1/caf%c3%a9': 'GET /v1/caf%c3%a9 []',
      'GET /v1/a%2fb:do%2Fit': 'GET /v1/a%2Fb:do%2fit []',
      'GET /v1/Books': '404',
      'GET /v1/b%6Foks': '404',
    },
  ],
  [
    'one segment is fully decoded, once',
    ['GET /v1/{a}'],
    {
      'GET /v1/a%2Fb': 'GET /v1/{a} [a/b]',
      'GET /v1/a%252Fb': 'GET /v1/{a} [a%2Fb]',
      'GET /v1/a+b': 'GET /v1/{a} [a+b]',
      'GET /v1/%E2%82%AC': 'GET /v1/{a} [€]',
      'GET /v1/%2E%2e%2f': 'GET /v1/{a} [../]',
    },
  ],
  [
    'several segments keep %2F and %2f as they came and decode the rest',
    ['GET /v1/{a=**}', 'GET /v2/{a=x/*}'],
    {
      'GET /v1/a%2Fb/%63%2f%20': 'GET /v1/{a=**} [a%2Fb/c%2f ]',
      'GET /v1/a%2Fb': 'GET /v1/{a=**} [a%2Fb]',
      'GET /v2/x/a%2fb': 'GET /v2/{a=x/*} [x/a%2fb]',
      'GET /v1/a%252Fb': 'GET /v1/{a=**} [a%2Fb]',
    },
  ],
  [
    'malformed percent-encoding, invalid UTF-8 and NUL are bad requests',
    ['GET /v1/{a}', 'GET /v2/{a=**}'],
    {
      'GET /v1/%': malformed,
      'GET /v1/%4': malformed,
      'GET /v1/%zz': malformed,
      'GET /v1/%ff': malformed,
      'GET /v1/%C3': malformed,
      'GET /v1/%ED%A0%80': malformed,
      'GET /v1/%C0%AF': malformed,
      'GET /v1/a%00': '400 the path contains a NUL character',
      'GET /v2/a/%C3%2F%A9': malformed,
      'GET /v2/a/%00': '400 the path contains a NUL character',
      'GET /v1/\u00e9': '400 the path contains a character that must be percent-encoded',
    },
  ],
  [
    'a known path under another method is 405 with Allow, an unknown one 404',
    ['GET /v1/{a}', 'PATCH /v1/{b}', 'DELETE /v1/x', 'GET /v2/x Server'],
    {
      'POST /v1/x': '405 DELETE, GET, HEAD, PATCH',
      'POST /v1/y': '405 GET, HEAD, PATCH',
      'OPTIONS /v1/y': '405 GET, HEAD, PATCH',
      'POST /v2/x': '405 GET',
      'HEAD /v2/x': '405 GET',
      'POST /v3': '404',
      'get /v1/y': '405 GET, HEAD, PATCH',
    },
  ],
  [
    'HEAD is answered through GET for unary calls, unless a rule is for HEAD',
    ['GET /v1/{a}', 'GET /v1/x', 'HEAD /v1/x', '* /v1/{b}'],
    { 'HEAD /v1/y': 'GET /v1/{a} [y]', 'HEAD /v1/x': 'HEAD /v1/x []' },
  ],
  [
    '`*` binds every method that is not bound otherwise',
    ['* /v1/{a}', 'PUT /v1/{a}', 'DELETE /v1/x'],
    {
      'GET /v1/x': '* /v1/{a} [x]',
      'REPORT /v1/x': '* /v1/{a} [x]',
      'PUT /v1/x': 'PUT /v1/{a} [x]',
      'DELETE /v1/x': 'DELETE /v1/x []',
      'DELETE /v1/y': '* /v1/{a} [y]',
    },
  ],
  [
    'scheme and authority of an absolute target are stripped, the query is ignored',
    ['GET /v1/{a}'],
    {
      'GET http://host:80/v1/x': 'GET /v1/{a} [x]',
      'GET HTTPS://user@host/v1/x?a=/y': 'GET /v1/{a} [x]',
      'GET /v1/x?a=b/c:d%': 'GET /v1/{a} [x]',
      'GET *': '404',
      'GET host:443': '404',
      'GET v1/x': '404',
      'GET ': '404',
      'GET //host/v1/x': '404',
    },
  ],
];

for (const [name, rules, requests] of rows) {
  test(name, async (t) => {
    for (const table of [tableOf(...rules), createRouteTable(bindingsOf(...rules).reverse())]) {
      for (const [request, wanted] of Object.entries(requests)) {
        const [method = '', target = ''] = request.split(/ (.*)/s);
        t.equal(describeMatch(table.match(method, target)), wanted, request);
      }
    }
  });
}

test('a WebSocket handshake finds the method that streams most at its path', async (t) => {
  const table = tableOf(
    'GET /v1/{a}',
    'POST /v1/{a} Bidi',
    'GET /v1/watch Server',
    'POST /v1/watch Client',
    'GET /v1/plain/x',
    'GET /v2/{a} Server',
    'PUT /v2/{b} Watch',
    'POST /v3/{a}:chat Bidi',
    'GET /v3/{a=**} Server',
  );
  const rows = [
    ['/v1/x', 'POST /v1/{a} [x]'],
    ['/v1/watch', 'POST /v1/{a} [watch]'],
    ['/v1/watch?$method=GET', 'GET /v1/watch []'],
    ['/v1/watch?x=1&%24method=post', 'POST /v1/{a} [watch]'],
    ['/v1/plain/x', 'GET /v1/plain/x []'],
    ['/v2/x', '405 GET, PUT'],
    ['/v2/x?$method=PUT', 'PUT /v2/{b} [x]'],
    ['/v2/x?$method=DELETE', '404'],
    ['ws://host/v3/x:chat', 'POST /v3/{a}:chat [x]'],
    ['/v3/x:talk', 'GET /v3/{a=**} [x:talk]'],
    ['/v2/..', '400 the path has a "." or ".." segment'],
    ['*', '404'],
  ] as const;
  for (const [target, wanted] of rows) t.equal(describeMatch(table.upgrade(target)), wanted, target);
});

test('of two bindings for the same method and shape the lower id stays', async (t) => {
  const bindings = bindingsOf('GET /v1/{a}', 'GET /v1/{b}');
  t.equal(describeMatch(createRouteTable(bindings).match('GET', '/v1/x')), 'GET /v1/{a} [x]');
  t.equal(describeMatch(createRouteTable(bindings.toReversed()).match('GET', '/v1/x')), 'GET /v1/{a} [x]');
});

test('hostile paths and templates cost no more than the templates have segments', async (t) => {
  // Every path of 12 segments through literals and wildcards: 4,096 templates, none of which ends in z.
  const templates = Array.from({ length: 4096 }, (_, bits) => {
    const segments = Array.from({ length: 12 }, (_, i) => ((bits >> i) & 1 ? '*' : 'a'));
    return `GET /${segments.join('/')}/y`;
  });
  const table = tableOf(...templates, 'GET /m/{a=**}/x/x/x/x/x/y', 'GET /m/{a=**}:lock');
  const start = performance.now();
  t.equal(describeMatch(table.match('GET', `${'/a'.repeat(12)}/z`)), '404');
  t.equal(describeMatch(table.match('GET', `/m${'/x'.repeat(100_000)}`)), '404');
  t.equal(describeMatch(table.match('GET', `/m${'/..'.repeat(100_000)}`)), dots);
  t.equal(describeMatch(table.match('GET', `/m/${':'.repeat(100_000)}`)), '404');
  t.equal(describeMatch(table.match('GET', '/'.repeat(100_000))), '404');
  t.ok(performance.now() - start < 5000, 'in less than five seconds');
});
