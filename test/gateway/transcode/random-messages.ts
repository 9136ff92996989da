import fc from 'fast-check';

/** A kind of field that a path can set, and three values of it: as a capture or key has them, as JSON and as protobufjs. The first is the default. */
export interface Kind {
  readonly type: string;
  readonly texts: readonly [string, string, string];
  readonly json: readonly [string, string, string];
  readonly wire: readonly [unknown, unknown, unknown];
  /** A field within the value, as messages have them. */
  readonly inner?: string;
}

const quoted = (texts: Kind['texts']): Kind['json'] => [`"${texts[0]}"`, `"${texts[1]}"`, `"${texts[2]}"`];
const words = ['', 'one', 'two'] as const;
const numbers = ['0', '1', '2'] as const;
const spans = ['0s', '1s', '2s'] as const;
const times = ['1970-01-01T00:00:00Z', '1970-01-01T00:00:01Z', '1970-01-01T00:00:02Z'] as const;
const base64 = ['', 'QQ==', 'Qg=='] as const;

export const kindsOfText: readonly Kind[] = [
  { type: 'string', texts: words, json: quoted(words), wire: words },
  { type: 'int32', texts: numbers, json: numbers, wire: [0, 1, 2] },
  { type: 'int64', texts: numbers, json: quoted(numbers), wire: [0, 1, 2] },
  { type: 'double', texts: numbers, json: numbers, wire: [0, 1, 2] },
  { type: 'bool', texts: ['false', 'true', 'true'], json: ['false', 'true', 'true'], wire: [false, true, true] },
  {
    type: 'bytes',
    texts: base64,
    json: quoted(base64),
    wire: base64.map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer, Buffer],
  },
  { type: 'Grade', texts: ['NONE', 'SOME', 'ALL'], json: ['0', '"SOME"', '2'], wire: [0, 1, 2] },
  {
    type: 'google.protobuf.StringValue',
    texts: words,
    json: quoted(words),
    wire: [{ value: '' }, { value: 'one' }, { value: 'two' }],
    inner: 'value',
  },
  {
    type: 'google.protobuf.Int64Value',
    texts: numbers,
    json: quoted(numbers),
    wire: [{ value: 0 }, { value: 1 }, { value: 2 }],
    inner: 'value',
  },
  { type: 'google.protobuf.Timestamp', texts: times, json: quoted(times), wire: [{}, { seconds: 1 }, { seconds: 2 }], inner: 'seconds' },
  { type: 'google.protobuf.Duration', texts: spans, json: quoted(spans), wire: [{}, { seconds: 1 }, { seconds: 2 }], inner: 'seconds' },
];

/** A field of a random message: of a kind that has a text form, or a message of its own. */
export interface RandomField {
  readonly protoName: string;
  readonly jsonName: string;
  readonly of: Kind | RandomMessage;
}

export interface RandomMessage {
  readonly fields: readonly RandomField[];
  /** The first so many fields are one oneof. */
  readonly members: number;
}

export function isMessage(of: Kind | RandomMessage): of is RandomMessage {
  return 'fields' in of;
}

/** Messages up to so deep, whose fields have JSON names that lead to their proto names or do not. */
export function randomMessage(depth: number): fc.Arbitrary<RandomMessage> {
  const kind = fc.constantFrom(...kindsOfText);
  const of: fc.Arbitrary<Kind | RandomMessage> =
    depth === 0 ? kind : fc.oneof({ weight: 3, arbitrary: kind }, { weight: 2, arbitrary: randomMessage(depth - 1) });
  return fc
    .record({ fields: fc.array(fc.tuple(of, fc.boolean()), { minLength: 1, maxLength: 4 }), members: fc.constantFrom(0, 0, 2, 3) })
    .map(({ fields, members }) => ({
      members: Math.min(members, fields.length),
      fields: fields.map(([inner, named], i) => ({
        protoName: `field_${i}`,
        jsonName: named ? `name${i}` : `field${i}`,
        of: inner,
      })),
    }));
}

/** The message in proto source. */
export function printMessage(name: string, { fields, members }: RandomMessage): string {
  const lines = fields.map(({ protoName, jsonName, of }, i) => {
    const type = isMessage(of) ? `Inner${i}` : of.type;
    return { nested: isMessage(of) ? printMessage(type, of) : '', text: `${type} ${protoName} = ${i + 1} [json_name = "${jsonName}"];` };
  });
  const oneof = members === 0 ? '' : `oneof choice { ${texts(lines.slice(0, members))} }`;
  return `message ${name} { ${lines.map(({ nested }) => nested).join(' ')} ${oneof} ${texts(lines.slice(members))} }`;
}

function texts(lines: readonly { readonly text: string }[]): string {
  return lines.map(({ text }) => text).join(' ');
}

/** What a client says of a message: some of its fields, in either spelling, maybe twice. */
export type Said = readonly { readonly field: RandomField; readonly spelling: 'protoName' | 'jsonName'; readonly value: number | Said }[];

export function randomSaid({ fields }: RandomMessage): fc.Arbitrary<Said> {
  const one = fc.constantFrom(...fields).chain((field) =>
    fc.record({
      field: fc.constant(field),
      spelling: fc.constantFrom('protoName' as const, 'jsonName' as const),
      value: isMessage(field.of) ? randomSaid(field.of) : fc.nat(2),
    }),
  );
  return fc.array(one, { minLength: 1, maxLength: 2 });
}

export function saidAsJson(said: Said): string {
  return `{${said.map(({ field, spelling, value }) => `"${field[spelling]}":${valueAsJson(field, value)}`).join(',')}}`;
}

export function valueAsJson({ of }: RandomField, value: number | Said): string {
  if (typeof value !== 'number') return saidAsJson(value);
  return isMessage(of) ? '{}' : (of.json[value] ?? '');
}

/** Keys and texts as a query or form has them. Messages lead on, or are JSON text, as `whole` says by depth; `inner` leads on into wrappers and times. */
export function saidAsPairs(said: Said, whole: readonly boolean[], inner: boolean): [key: string, text: string][] {
  return said.flatMap(({ field, spelling, value }): [string, string][] => {
    const key = field[spelling];
    if (typeof value === 'number' && !isMessage(field.of)) {
      return [inner && field.of.inner !== undefined ? [`${key}.${field.of.inner}`, String(value)] : [key, field.of.texts[value] ?? '']];
    }
    if (whole[0] === true || typeof value === 'number') return [[key, valueAsJson(field, value)]];
    return saidAsPairs(value, whole.slice(1), inner).map(([rest, text]) => [`${key}.${rest}`, text]);
  });
}

/** What protobufjs makes a message of. */
export function saidAsObject(said: Said): Record<string, unknown> {
  return Object.fromEntries(
    said.map(({ field, value }) => [
      field.protoName,
      typeof value !== 'number' ? saidAsObject(value) : isMessage(field.of) ? {} : field.of.wire[value],
    ]),
  );
}

/** The values that are said of the field that a chain leads to. */
export function saidOf(said: Said, [first, ...rest]: readonly RandomField[]): number[] {
  return said
    .filter(({ field }) => field === first)
    .flatMap(({ value }) => (typeof value === 'number' ? [value] : rest.length === 0 ? [] : saidOf(value, rest)));
}

/** Whether another member of a oneof is said than the one that a chain leads through. */
export function saysRival(said: Said, { fields, members }: RandomMessage, [first, ...rest]: readonly RandomField[]): boolean {
  const siblings = fields.slice(0, members);
  return said.some(({ field, value }) => {
    if (field !== first) return first !== undefined && siblings.includes(first) && siblings.includes(field);
    return typeof value !== 'number' && isMessage(field.of) && saysRival(value, field.of, rest);
  });
}
