import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { test } from 'tap';
import type { Binding } from '../../annotations/binding.js';
import { shapeOf } from '../../annotations/conflict.js';
import { createRouteTable } from '../../annotations/table.js';
import { bindingsOf, FIELDS } from '../support/routes.js';

const literal = fc.constantFrom('v1', 'books', 'x', 'y', 'a.b', '~me', 'caf%C3%A9');
const wildcard = fc.constantFrom('*', '*', '*', '**');
const verb = fc.option(fc.constantFrom('lock', 'x', 'batchGet'), { nil: undefined, freq: 3 });

/** Some parts are variables of one or several segments; after `**` there are only literals. */
const template = fc
  .tuple(
    fc.array(fc.record({ segments: fc.array(fc.oneof(literal, wildcard), { minLength: 1, maxLength: 3 }), isVariable: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    }),
    verb,
  )
  .map(([parts, suffix]) => {
    let multi = false;
    const path = parts.map(({ segments, isVariable }, i) => {
      const text = segments
        .map((segment) => {
          const isTooLate = segment.startsWith('*') && multi;
          multi ||= segment === '**';
          return isTooLate ? 'late' : segment;
        })
        .join('/');
      return isVariable ? `{${FIELDS[i]}=${text}}` : text;
    });
    return `/${path.join('/')}${suffix === undefined ? '' : `:${suffix}`}`;
  });

/** A value that a path segment can carry: neither empty nor a dot segment. */
const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((text) => !text.includes('\0') && !/^\.{1,2}$/.test(text));

interface Sample {
  readonly target: string;
  readonly captures: readonly string[];
}

/** Expands a template as http.proto tells clients to, with the values given; `counts` of segments for `**`. */
function expand({ template: { segments, verb: suffix }, captures }: Binding, values: readonly string[], count: number): Sample {
  let next = 0;
  const take = () => values[next++ % values.length] ?? 'v';
  const decoded = segments.map((segment) => {
    if (segment.kind === 'literal') return [decodeURIComponent(segment.text)];
    return segment.kind === 'single' ? [take()] : Array.from({ length: count }, take);
  });
  // A slash inside of several segments would come back as %2F.
  const texts = captures.map(({ start, end, multi }) =>
    decoded
      .slice(start, end)
      .flat()
      .map((text) => (multi ? text.replaceAll('/', '%2F') : text))
      .join('/'),
  );
  const path = decoded.flat().map(encodeURIComponent).join('/');
  return { target: `/${path}${suffix === undefined ? '' : `:${suffix}`}`, captures: texts };
}

test('a URL made from a template matches its own binding and yields its own captures', async (t) => {
  const check = fc.property(template, fc.array(value, { minLength: 1, maxLength: 12 }), fc.nat(3), (text, values, count) => {
    const [binding] = bindingsOf(`GET ${text}`);
    if (binding === undefined) return true;
    const { target, captures } = expand(binding, values, count);
    // Alone at the end, a verb and nothing before it, is another path.
    fc.pre(!/\/:[^/]*$/.test(target) || binding.template.segments.at(-1)?.kind === 'multi');
    return isDeepStrictEqual(createRouteTable([binding]).match('GET', target), { kind: 'hit', binding, captures });
  });
  t.doesNotThrow(() => fc.assert(check, { numRuns: 500 }));
});

test('the answer does not depend on the order of bindings, and is a binding that takes the path', async (t) => {
  const many = fc.array(fc.tuple(fc.constantFrom('GET', 'POST', '*'), template), { minLength: 1, maxLength: 12 });
  const check = fc.property(many, fc.array(value, { minLength: 1, maxLength: 12 }), fc.nat(3), (rules, values, count) => {
    const shapes = new Set<string>();
    const bindings = bindingsOf(...rules.map(([method, text]) => `${method} ${text}`)).filter((binding) => {
      const shape = `${binding.httpMethod} ${shapeOf(binding.template)}`;
      return !shapes.has(shape) && shapes.add(shape);
    });
    const [table, reversed] = [createRouteTable(bindings), createRouteTable(bindings.toReversed())];
    return bindings.every((binding) => {
      const { target } = expand(binding, values, count);
      const match = table.match('POST', target);
      const alone = match.kind === 'hit' ? createRouteTable([match.binding]).match('POST', target) : match;
      return isDeepStrictEqual(match, reversed.match('POST', target)) && isDeepStrictEqual(match, alone);
    });
  });
  t.doesNotThrow(() => fc.assert(check, { numRuns: 200 }));
});

test('match and upgrade never throw', async (t) => {
  const table = createRouteTable(bindingsOf('GET /{a}', 'GET /{a}/{b=**}/c:x', 'POST /v1/{a=x/*}:lock', '* /y/{a=**}'));
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('/', ':', '%', '%2', '%2F', '..', '?', '#', 'http://', '*', 'x', ':x', '%00'),
  );
  const check = fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('GET', 'HEAD', 'POST', ''), (pieces, method) => {
    const target = pieces.join('');
    return table.match(method, target).kind !== undefined && table.upgrade(target).kind !== undefined;
  });
  t.doesNotThrow(() => fc.assert(check, { numRuns: 500 }));
});
