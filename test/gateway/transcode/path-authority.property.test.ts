import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { test } from 'tap';
import { asGatewayError } from '../../../gateway/exchange/as-error.js';
import { multipart, writeParts } from './multipart.js';
import {
  isMessage,
  type Kind,
  printMessage,
  type RandomField,
  type RandomMessage,
  randomMessage,
  randomSaid,
  type Said,
  saidAsJson,
  saidAsObject,
  saidAsPairs,
  saidOf,
  saysRival,
  valueAsJson,
} from './random-messages.js';
import { type RequestPolicy, Transcoder } from './transcoder.js';

/** A method with a random request, whose rule has a variable for one of its fields. */
interface Method {
  readonly message: RandomMessage;
  readonly chain: readonly RandomField[];
  readonly kind: Kind;
  readonly pattern: string;
  readonly body: '' | '*' | RandomField;
}

const method: fc.Arbitrary<Method> = randomMessage(3).chain((message) =>
  fc.constantFrom(...chainsOf(message)).chain(({ chain, kind }) =>
    fc.record({
      message: fc.constant(message),
      chain: fc.constant(chain),
      kind: fc.constant(kind),
      pattern: kind.type === 'string' ? fc.constantFrom('', '=x/*', '=**', '=*/y') : fc.constant(''),
      body: fc.constantFrom('' as const, '*' as const, '*' as const, ...message.fields),
    }),
  ),
);

function chainsOf({ fields }: RandomMessage): { chain: RandomField[]; kind: Kind }[] {
  return fields.flatMap((field) => {
    const { of } = field;
    return isMessage(of) ? chainsOf(of).map(({ chain, kind }) => ({ chain: [field, ...chain], kind })) : [{ chain: [field], kind: of }];
  });
}

const sampled = fc.sample(method, { numRuns: 200, seed: 11 });
const grade = 'enum Grade { NONE = 0; SOME = 1; ALL = 2; }';
const types = sampled.map(({ message }, i) => printMessage(`M${i}`, message)).join('\n');
const rpcs = sampled.map(({ chain, pattern, body }, i) => {
  const path = `"/m${i}/{${chain.map(({ protoName }) => protoName).join('.')}${pattern}}"`;
  const rule = body === '' ? `get: ${path}` : `patch: ${path} body: "${body === '*' ? body : body.protoName}"`;
  return `rpc Call${i}(M${i}) returns (M${i}) { option (google.api.http) = { ${rule} }; }`;
});
const imports = ['google/api/annotations', ...['wrappers', 'timestamp', 'duration'].map((name) => `google/protobuf/${name}`)];
const transcoder = new Transcoder(
  `syntax = "proto3"; package r; ${imports.map((name) => `import "${name}.proto";`).join(' ')} ${grade} ${types} service S { ${rpcs.join('\n')} }`,
  { invalidRules: 'skip' },
);
// A variable and a body of the same field are no rule.
const legal = sampled
  .map((method, id) => ({ ...method, id }))
  .filter(({ id }) => transcoder.table.bindings.some((b) => b.method.protoName === `Call${id}`));

/** The messages as somebody else reads them. */
const { root } = protobuf.parse(`syntax = "proto3"; package r; ${grade} ${types}`, { keepCase: true });
for (const name of ['wrappers', 'timestamp', 'duration']) root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)?.nested ?? {});

function valueIn(id: number, wire: Uint8Array, chain: readonly RandomField[]): unknown {
  const type = root.lookupType(`r.M${id}`);
  const message: unknown = type.toObject(type.decode(wire), { longs: String, bytes: String });
  return chain.reduce<unknown>((at, { protoName }) => (at as Record<string, unknown> | undefined)?.[protoName], message);
}

const attempt = fc.constantFrom(...legal).chain((on) => {
  const said = randomSaid(on.message);
  return fc.record({
    on: fc.constant(on),
    value: fc.nat(2),
    query: fc.option(said, { nil: [], freq: 2 }),
    body: said,
    inField: typeof on.body === 'string' || !isMessage(on.body.of) ? fc.nat(2) : randomSaid(on.body.of),
    form: fc.constantFrom('none' as const, 'json' as const, 'form' as const, 'multipart' as const, 'protobuf' as const),
    whole: fc.array(fc.boolean(), { maxLength: 4 }),
    inner: fc.boolean(),
    file: fc.constantFrom({}, { file: 'x' }),
    system: fc.subarray(['$alt=json', '$prettyPrint=true', '$fields=field_0', '$key=x', '%24alt=proto']),
    policy: fc.record({
      pathConflict: fc.constantFrom('error', 'override'),
      unknown: fc.constantFrom('error', 'ignore'),
      mediaTypes: fc.constantFrom('strict', 'lenient'),
      extraBody: fc.constantFrom('error', 'ignore', 'form'),
      texts: fc.constantFrom('protojson', 'go'),
      queryLists: fc.constantFrom('repeat', 'commas', 'brackets', 'any'),
      masks: fc.constantFrom('protojson', 'either'),
      emptyString: fc.constantFrom('error', 'message'),
      patchMask: fc.boolean(),
    } satisfies { [K in keyof RequestPolicy]: fc.Arbitrary<RequestPolicy[K]> }),
  });
});

type Attempt = typeof attempt extends fc.Arbitrary<infer T> ? T : never;

/** What is said in the body, from the request on. */
function saidInBody({ on, body, inField, form }: Attempt): Said {
  if (form === 'none') return [];
  return typeof on.body === 'string' ? body : [{ field: on.body, spelling: 'protoName', value: inField }];
}

function bodyOf(attempt: Attempt): { readonly type: string; readonly bytes: string | Uint8Array } {
  const { on, inField, form, whole, inner, file } = attempt;
  const within = typeof on.body === 'string' ? saidInBody(attempt) : typeof inField === 'number' ? [] : inField;
  const pairs = saidAsPairs(within, whole, inner);
  switch (form) {
    case 'none':
      return { type: '', bytes: '' };
    case 'json':
      return { type: 'application/json', bytes: typeof on.body === 'string' ? saidAsJson(within) : valueAsJson(on.body, inField) };
    case 'form':
      return { type: 'application/x-www-form-urlencoded', bytes: String(new URLSearchParams(pairs)) };
    case 'multipart':
      return { type: multipart, bytes: writeParts(pairs.map(([name, content]) => ({ name, content, ...file }))) };
    case 'protobuf': {
      const inside = typeof on.body === 'string' ? '' : `.Inner${on.message.fields.indexOf(on.body)}`;
      const type = root.lookup(`r.M${on.id}${inside}`);
      const bytes = within.map((one) =>
        type instanceof protobuf.Type ? type.encode(type.fromObject(saidAsObject([one]))).finish() : new Uint8Array(),
      );
      return { type: 'application/protobuf', bytes: Buffer.concat(bytes) };
    }
  }
}

/** What counts of it: a body that is excluded by the variable is none, and then these texts say nothing. */
function saidByBody(attempt: Attempt): Said {
  const takesBody = transcoder.table.bindings.some(({ method, body }) => method.protoName === `Call${attempt.on.id}` && body !== 'none');
  const isNothing = !takesBody && ['', '{}', '""'].includes(String(bodyOf(attempt).bytes));
  return attempt.form === 'protobuf' || isNothing ? [] : saidInBody(attempt);
}

/** What the text of a value is in the path and elsewhere: a pattern says more of it than the client. */
function textOf({ kind, pattern }: Method, value: number): string {
  const text = kind.texts[value] ?? '';
  return pattern === '=x/*' ? `x/${text}` : pattern === '=*/y' ? `${text}/y` : text;
}

/** Only `**` takes nothing at all. */
function targetOf({ on, value, query, whole, inner, system }: Attempt) {
  const taken = on.kind.texts[value] === '' && on.pattern !== '=**' ? 1 : value;
  const pairs = String(new URLSearchParams(saidAsPairs(query, whole, inner)));
  const path = textOf(on, taken).split('/').map(encodeURIComponent).join('/');
  return { path: `/m${on.id}/${path}`, query: [...(pairs === '' ? [] : [pairs]), ...system].join('&'), value: taken };
}

test('whatever query, body and system parameters say, the value of the path arrives or the request is refused', async (t) => {
  const answers = { arrived: 0, refused: 0 };
  const check = fc.asyncProperty(attempt, async (tried) => {
    const { on, policy } = tried;
    const { path, query } = targetOf(tried);
    const line = `${on.body === '' ? 'GET' : 'PATCH'} ${path}`;
    const expected = valueIn(on.id, transcoder.wire(line, '', undefined, policy), on.chain);
    const body = bodyOf(tried);
    let wire: Uint8Array;
    try {
      wire = await transcoder.wireOfParts(query === '' ? line : `${line}?${query}`, body.bytes, body.type, policy);
    } catch (e) {
      answers.refused += 1;
      const { httpStatus } = asGatewayError(e);
      return httpStatus === 400 || httpStatus === 415;
    }
    answers.arrived += 1;
    return isDeepStrictEqual(valueIn(on.id, wire, on.chain), expected);
  });
  await t.resolves(fc.assert(check, { seed: 12, numRuns: 5000 }));
  t.ok(answers.arrived > 1000 && answers.refused > 1000, JSON.stringify(answers));
});

test('by default, another value than that of the path is refused, and another member of its oneof', async (t) => {
  const contradictions = { value: 0, rival: 0 };
  const check = fc.asyncProperty(attempt, async (tried) => {
    const { on } = tried;
    const { path, query, value } = targetOf(tried);
    const said = [...tried.query, ...saidByBody(tried)];
    // The default of a field counts as unset.
    const isOther = saidOf(said, on.chain).some((one) => one !== 0 && textOf(on, one) !== textOf(on, value));
    const isRival = saysRival(said, on.message, on.chain);
    if (!isOther && !isRival) return true;
    if (isOther) contradictions.value += 1;
    if (isRival) contradictions.rival += 1;
    const body = bodyOf(tried);
    const line = `${on.body === '' ? 'GET' : 'PATCH'} ${path}?${query}`;
    return /^4(00|15) /.test(await transcoder.sendParts(line, body.bytes, body.type, { patchMask: false }));
  });
  await t.resolves(fc.assert(check, { seed: 13, numRuns: 5000 }));
  t.ok(contradictions.value > 500 && contradictions.rival > 500, JSON.stringify(contradictions));
});
