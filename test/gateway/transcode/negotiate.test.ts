import { test } from 'tap';
import { compileNegotiator, parseAccept, prefersProblem } from '../../../gateway/transcode/negotiate.js';

const [json, proto] = ['application/json', 'application/protobuf'];

const cases: readonly { name: string; accept: string | undefined; chosen: string | undefined }[] = [
  { name: 'no header means anything', accept: undefined, chosen: json },
  { name: 'so does an empty one', accept: '', chosen: json },
  { name: 'any type is the first offer', accept: '*/*', chosen: json },
  { name: 'any type of a kind is the first offer of that kind', accept: 'application/*', chosen: json },
  { name: 'a named type is that type', accept: 'application/protobuf', chosen: proto },
  { name: 'names do not depend on letter case', accept: 'Application/Protobuf', chosen: proto },
  { name: 'parameters of a type do not matter', accept: 'application/protobuf; messageType="a,b;q=0"', chosen: proto },
  { name: 'the higher weight wins', accept: 'application/json;q=0.8, application/protobuf;q=0.9', chosen: proto },
  { name: 'weights may be written short', accept: 'application/json;q=.8,application/protobuf;q=1.', chosen: proto },
  { name: 'of equal weights the type that is named wins over one that is covered', accept: 'application/protobuf, */*', chosen: proto },
  { name: 'of types that are named alike the first offer wins', accept: 'application/protobuf, application/json', chosen: json },
  { name: 'the most exact range gives the weight', accept: '*/*, application/json;q=0.1', chosen: proto },
  { name: 'a weight of zero refuses a type', accept: 'application/json;q=0, */*', chosen: proto },
  { name: 'all types may be refused', accept: '*/*;q=0', chosen: undefined },
  { name: 'what is not offered is not acceptable', accept: 'image/png, text/*;q=0', chosen: undefined },
  { name: 'a browser asks for HTML and gets the first offer', accept: 'text/html', chosen: json },
  {
    name: 'with all that browsers send, too',
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    chosen: json,
  },
  { name: 'a lone star is any type', accept: 'text/css, *; q=.2', chosen: json },
  { name: 'what cannot be read is left out', accept: 'application/protobuf;q=2, /, application/json;q=x, a/b/c', chosen: json },
  { name: 'a form of errors says nothing of replies', accept: 'application/problem+json', chosen: json },
  { name: 'nor beside other types', accept: 'application/problem+json, application/protobuf;q=0.5', chosen: proto },
  { name: 'a quote that does not end swallows the rest', accept: 'application/protobuf;a="\\", application/json', chosen: proto },
];

for (const { name, accept, chosen } of cases) {
  test(name, async (t) => {
    const offers = [json, proto];
    const negotiate = compileNegotiator(offers, [json]);
    t.equal(offers[negotiate(accept)], chosen);
    t.equal(offers[negotiate(accept)], chosen, 'and again');
  });
}

test('headers that are known to mean the first offer are not looked into', async (t) => {
  t.equal(compileNegotiator([proto], [json])(json), 0);
});

for (const [accept, expected] of [
  [undefined, false],
  ['*/*', false],
  ['application/*', false],
  ['application/problem+json', true],
  ['application/json, Application/Problem+JSON', true],
  ['application/json;q=0.5, application/problem+json;q=0.4', false],
  ['application/problem+json;q=0', false],
] as const) {
  test(`"${accept}" ${expected ? 'wants' : 'does not want'} problem details`, async (t) => t.equal(prefersProblem(accept), expected));
}

test('a long header costs time in proportion to its length', async (t) => {
  const header = `${'"\\'.repeat(8000)},${'a/b;q=0.1,'.repeat(1600)}`;
  const begun = performance.now();
  t.equal(parseAccept(header).length, 0, 'all of it is in quotes');
  t.equal(parseAccept('a/b;q=0.1,'.repeat(1600)).length, 1600);
  t.ok(performance.now() - begun < 1000, 'the square of its length would take minutes');
});
