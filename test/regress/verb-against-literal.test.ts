import { test } from 'tap';
import { createRouteTable } from '../../annotations/table.js';
import { bindingsOf, describeMatch } from '../support/routes.js';

/** Sentence, rules, then request line -> what it resolves to. */
const rows: readonly (readonly [name: string, rules: readonly string[], requests: Readonly<Record<string, string>>])[] = [
  [
    'a template with the verb wins over a more literal one without',
    ['GET /v1/person/{a=*}', 'GET /v1/{a=**}:verb', 'POST /v1/x/{b}', 'POST /v1/{a}/{b}:sweep'],
    {
      'GET /v1/person/jason:verb': 'GET /v1/{a=**}:verb [person/jason]',
      'GET /v1/person/jason:other': 'GET /v1/person/{a=*} [jason:other]',
      'GET /v1/person/jason%3Averb': 'GET /v1/person/{a=*} [jason:verb]',
      'POST /v1/x/y:sweep': 'POST /v1/{a}/{b}:sweep [x, y]',
      'POST /v1/x/y:swept': 'POST /v1/x/{b} [y:swept]',
    },
  ],
  [
    'also over one that is literal to its end, and one with literals behind `**`',
    ['GET /v1/{a=**}:verb', 'GET /v1/y:z/{b=**}', 'GET /v1/{c=**}/y:z/w'],
    {
      'GET /v1/y:z': 'GET /v1/y:z/{b=**} []',
      'GET /v1/y:verb': 'GET /v1/{a=**}:verb [y]',
      'GET /v1/y:z/w': 'GET /v1/y:z/{b=**} [w]',
      'GET /v1/y:z/w:verb': 'GET /v1/{a=**}:verb [y:z/w]',
    },
  ],
  [
    'among templates with the verb the most specific wins, with backtracking',
    ['POST /v1/{a=**}:verb', 'POST /v1/x/{b}:verb', 'PUT /v1/x/y:verb', 'POST /v1/x/y'],
    {
      'POST /v1/x/y:verb': 'POST /v1/x/{b}:verb [y]',
      'POST /v1/w/y:verb': 'POST /v1/{a=**}:verb [w/y]',
      'PUT /v1/x/y:verb': 'PUT /v1/x/y:verb []',
      'PUT /v1/w/y:verb': '405 POST',
      'POST /v1/x/y': 'POST /v1/x/y []',
    },
  ],
  [
    'a verb under any HTTP method is a verb, whatever else there is without it',
    ['POST /v1/{a=**}:verb', 'GET /v1/x/{b}', '* /v1/y/{c}'],
    { 'GET /v1/x/y:verb': '405 POST', 'DELETE /v1/y/y:verb': '405 POST', 'DELETE /v1/y/y:z': '* /v1/y/{c} [y:z]' },
  ],
  [
    'a verb of other paths is data',
    ['POST /v1/{a}:verb', 'GET /v1/x/{b}', 'POST /v2/{a=y/*}:verb', 'GET /v2/{a}/{b}'],
    {
      'GET /v1/x/y:verb': 'GET /v1/x/{b} [y:verb]',
      'GET /v2/x/y:verb': 'GET /v2/{a}/{b} [x, y:verb]',
      'GET /v2/y/y:verb': '405 POST',
      'GET /v2/y/:verb': 'GET /v2/{a}/{b} [y, :verb]',
    },
  ],
  [
    'a dot segment before a verb is refused, and one before what is no verb is data',
    ['POST /v1/{a=**}:verb', 'GET /v1/x/{b}', 'POST /v1/../y:verb', 'POST /v2/{b}/..:verb', 'GET /v2/./{b}'],
    {
      'GET /v1/x/..:verb': '400 the path has a "." or ".." segment',
      'GET /v1/x/..:z': 'GET /v1/x/{b} [..:z]',
      'POST /v1/../y:verb': 'POST /v1/../y:verb []',
      'POST /v2/x/..:verb': 'POST /v2/{b}/..:verb [x]',
      'GET /v2/./x:verb': 'GET /v2/./{b} [x:verb]',
    },
  ],
];

for (const [name, rules, requests] of rows) {
  test(name, async (t) => {
    for (const table of [createRouteTable(bindingsOf(...rules)), createRouteTable(bindingsOf(...rules).reverse())]) {
      for (const [request, wanted] of Object.entries(requests)) {
        const [method = '', target = ''] = request.split(' ');
        t.equal(describeMatch(table.match(method, target)), wanted, request);
      }
    }
  });
}

test('a WebSocket handshake reads a verb the same way', async (t) => {
  const table = createRouteTable(bindingsOf('GET /v1/person/{a} Bidi', 'GET /v1/{a=**}:watch Server'));
  t.equal(describeMatch(table.upgrade('/v1/person/jason:watch')), 'GET /v1/{a=**}:watch [person/jason]');
  t.equal(describeMatch(table.upgrade('/v1/person/jason:talk')), 'GET /v1/person/{a} [jason:talk]');
});
