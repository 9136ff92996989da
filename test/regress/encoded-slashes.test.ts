import { test } from 'tap';
import { createRouteTable } from '../../annotations/table.js';
import { withSlashes } from '../../annotations/target.js';
import { startDesk } from '../gateway/desk.js';
import type { Handlers } from '../gateway/service.js';
import type { Message } from '../support/backend.js';
import { send } from '../support/http.js';
import { bindingsOf, describeMatch } from '../support/routes.js';

const bindings = bindingsOf(
  'GET /v1/{a=strprefix/*}',
  'GET /v1/{a=strprefix/*}:verb',
  'GET /v1/files/{a=**}',
  'GET /v1/{a=x/*}/{b=y/*}',
  'GET /v1/one/{a}',
  'POST /v1/one/{a=b/*}',
  'DELETE /v1/{a=strprefix/*}',
  'POST /v1/{a=items/*}',
  'DELETE /v1/{a}',
  'GET /lit/a%2Fb',
  'GET /lit/{a=a/*}',
  'POST /v1/{a=chat/*} Bidi',
);
const table = createRouteTable(bindings, 'match');
const plain = createRouteTable(bindings);

const rows: readonly (readonly [name: string, method: string, target: string, match: string, without: string])[] = [
  ['it is a slash where nothing else fits', 'GET', '/v1/strprefix%2Ffoo', 'GET /v1/{a=strprefix/*} [strprefix/foo]', '405 DELETE'],
  ['in lower case, too', 'GET', '/v1/strprefix%2ffoo', 'GET /v1/{a=strprefix/*} [strprefix/foo]', '405 DELETE'],
  ['and in the absolute form', 'GET', 'http://h%2Fx/v1/strprefix%2Ffoo', 'GET /v1/{a=strprefix/*} [strprefix/foo]', '405 DELETE'],
  ['with a verb', 'GET', '/v1/strprefix%2Ffoo:verb', 'GET /v1/{a=strprefix/*}:verb [strprefix/foo]', '405 DELETE'],
  ['in several variables', 'GET', '/v1/x%2F1/y%2F2', 'GET /v1/{a=x/*}/{b=y/*} [x/1, y/2]', '404'],
  ['also before what a variable captures', 'GET', '/v1%2Fone%2F1', 'GET /v1/one/{a} [1]', '404'],
  ['but the query stays', 'GET', '/v1/strprefix%2Ffoo?a=%2F', 'GET /v1/{a=strprefix/*} [strprefix/foo]', '405 DELETE'],
  ['all else is decoded once', 'GET', '/v1/strprefix%2Fa%20b%252Fc', 'GET /v1/{a=strprefix/*} [strprefix/a b%2Fc]', '405 DELETE'],
  ['it is data where the path fits as it is', 'GET', '/v1/one/a%2Fb', 'GET /v1/one/{a} [a/b]', 'GET /v1/one/{a} [a/b]'],
  [
    'in several segments',
    'GET',
    '/v1/strprefix/a%2Fb',
    'GET /v1/{a=strprefix/*} [strprefix/a%2Fb]',
    'GET /v1/{a=strprefix/*} [strprefix/a%2Fb]',
  ],
  ['behind **', 'GET', '/v1/files/a%2Fb/c', 'GET /v1/files/{a=**} [a%2Fb/c]', 'GET /v1/files/{a=**} [a%2Fb/c]'],
  ['and in a literal', 'GET', '/lit/a%2Fb', 'GET /lit/a%2Fb []', 'GET /lit/a%2Fb []'],
  [
    'the wildcard wins over the slash under one method',
    'DELETE',
    '/v1/strprefix%2Ffoo',
    'DELETE /v1/{a} [strprefix/foo]',
    'DELETE /v1/{a} [strprefix/foo]',
  ],
  ['the method decides before the slash', 'POST', '/v1/one/b%2Fc', 'POST /v1/one/{a=b/*} [b/c]', '405 GET, HEAD'],
  ['a method that neither has is told as without it', 'PUT', '/v1/items%2F1', '405 DELETE', '405 DELETE'],
  ['one that only the slash has is told', 'PUT', '/v1/x%2F1/y%2F2', '405 GET, HEAD', '404'],
  ['an empty segment is none', 'GET', '/v1/strprefix%2F', '405 DELETE', '405 DELETE'],
  ['a dot segment is refused', 'GET', '/v3%2F..%2Fx', '400 the path has a "." or ".." segment', '404'],
  ['an encoded one, too', 'GET', '/x%2F%2e%2E', '400 the path has a "." or ".." segment', '404'],
  ['malformed encoding is', 'GET', '/v1%2Fone%2Ffoo%zz', '400 the path has malformed percent-encoding or invalid UTF-8', '404'],
  ['a path of no route stays unknown', 'GET', '/v2%2Fa', '404', '404'],
  ['and so does what is no path', 'GET', '*', '404', '404'],
];
for (const [name, method, target, match, without] of rows) {
  test(`%2F in a path: ${name} (${method} ${target})`, async (t) => {
    t.equal(describeMatch(table.match(method, target)), match);
    t.equal(describeMatch(plain.match(method, target)), without);
  });
}

test('%2F in the path of a handshake is a slash where nothing else fits', async (t) => {
  t.equal(describeMatch(table.upgrade('/v1%2Fchat/1?x=%2F')), 'POST /v1/{a=chat/*} [chat/1]');
  t.equal(describeMatch(plain.upgrade('/v1%2Fchat/1')), '404');
  t.equal(describeMatch(table.upgrade('/v1/chat%2F1')), 'DELETE /v1/{a} [chat/1]');
  t.equal(describeMatch(table.upgrade('/v2%2Fa')), '404');
  t.strictSame(table.bindings, bindings);
});

test('only the path of a target gets slashes', async (t) => {
  t.equal(withSlashes('/a%2Fb%2fc?d=%2F'), '/a/b/c?d=%2F');
  t.equal(withSlashes('/a%252F?%2F'), undefined);
});

const handlers: Handlers = {
  unary: { GetNote: ({ request }) => ({ title: JSON.stringify(request) }), UpdateNote: ({ request }) => request.note as Message },
};
const json = { 'content-type': 'application/json' };

for (const [way, options] of [
  ['directly', {}],
  ['through Fastify', { setup: () => {} }],
] as const) {
  test(`with encodedSlashes: match such a path is served ${way}`, async (t) => {
    const { url } = await startDesk(t, handlers, { encodedSlashes: 'match' }, options);
    const found = await send(url, 'GET', '/v1/notes%2F1?page_size=1');
    t.strictSame([found.status, JSON.parse(JSON.parse(found.text).title)], [200, { name: 'notes/1', page_size: 1 }]);
    const updated = await send(url, 'PATCH', '/v1/notes%2F1', '{"title":"t"}', json);
    t.match([updated.status, JSON.parse(updated.text)], [200, { name: 'notes/1', title: 't' }]);
    const refused = await send(url, 'POST', '/v1/notes%2F1', '{}', json);
    t.strictSame([refused.status, refused.headers.allow], [405, 'DELETE, GET, HEAD, PATCH']);
    t.equal((await send(url, 'GET', '/v1/notes%2F..')).status, 400);
    t.equal((await send(url, 'GET', '/v2%2Fnotes')).status, 404);
  });

  test(`without it such a path is unknown, under the preset too, ${way}`, async (t) => {
    for (const config of [{}, { compat: 'grpc-gateway' }] as const) {
      const { url } = await startDesk(t, handlers, config, options);
      t.equal((await send(url, 'GET', '/v1/notes%2F1')).status, 404);
    }
  });
}
