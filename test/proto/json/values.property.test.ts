import fc from 'fast-check';
import t from 'tap';
import { JsonError } from '../../../proto/json/codec.js';
import { allKinds } from './all-kinds.js';
import { CodecCase } from './codec-case.js';

const c = new CodecCase(allKinds);
const K = 'all.Kinds';

/** Parses a member, prints it again, and gives the printed text of its value. */
function through(name: string, json: string): string {
  const printed = c.print(K, Buffer.from(c.parse(K, `{"${name}":${json}}`), 'hex'));
  return printed.slice(`{"${name}":`.length, -1);
}

function holds<T>(name: string, arbitrary: fc.Arbitrary<T>, expected: (value: T) => [actual: string, wanted: string]): void {
  t.test(name, (t) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const [actual, wanted] = expected(value);
        if (actual !== wanted) throw new Error(`${actual} instead of ${wanted}`);
      }),
      { numRuns: 3000, seed: 20_261_121 },
    );
    t.pass('for all values');
    t.end();
  });
}

const signed = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const unsigned = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
/** Around powers of ten and two, where digits are split and halves carry. */
const edges = fc
  .tuple(fc.constantFrom(2n, 10n), fc.nat(63), fc.integer({ min: -2, max: 2 }))
  .map(([base, power, more]) => base ** BigInt(power) + BigInt(more));
const int64s = fc.oneof(
  signed,
  edges.filter((value) => value < 2n ** 63n),
);
const uint64s = fc.oneof(
  unsigned,
  edges.filter((value) => value >= 0n && value < 2n ** 64n),
);

for (const kind of ['int64', 'sint64', 'sfixed64']) {
  holds(`every ${kind} is exact, quoted and not`, int64s, (value) => [through(kind, String(value)), `"${value}"`]);
  holds(`every ${kind} is exact with an exponent`, int64s, (value) => [through(kind, `"${value}.00E+0"`), `"${value}"`]);
}
for (const kind of ['uint64', 'fixed64']) {
  holds(`every ${kind} is exact`, uint64s, (value) => [through(kind, `"${value}"`), `"${value}"`]);
}
for (const kind of ['int32', 'sint32', 'sfixed32']) {
  holds(`every ${kind} is exact`, fc.integer(), (value) => [through(kind, String(value)), String(value)]);
}
for (const kind of ['uint32', 'fixed32']) {
  holds(`every ${kind} is exact`, fc.integer({ min: 0, max: 0xffff_ffff }), (value) => [through(kind, `"${value}"`), String(value)]);
}

/** Digits with a point anywhere among them and an exponent: most are integers of at most some digits more than there may be. */
const scaled = fc
  .tuple(fc.stringMatching(/^0{0,3}[0-9]{1,12}0{0,12}$/), fc.nat(30), fc.integer({ min: -12, max: 30 }))
  .map(([digits, places, more]) => ({ digits, places, exponent: places + more }));

/** The int64 that `text` is, or why it is none, by arithmetic on big integers. */
function exact(digits: string, power: number): string {
  const value = BigInt(digits) * 10n ** BigInt(Math.max(power, 0));
  const divisor = 10n ** BigInt(Math.max(-power, 0));
  if (value % divisor !== 0n) return 'an integer is expected';
  return value / divisor < 2n ** 63n ? `"${value / divisor}"` : 'the number is out of range';
}

function orReason(read: () => string): string {
  try {
    return read();
  } catch (error) {
    return error instanceof JsonError ? error.reason : String(error);
  }
}

holds('an integer with decimals and an exponent is exact or refused', scaled, ({ digits, places, exponent }) => {
  const padded = digits.padStart(places + 1, '0');
  const whole = padded.slice(0, padded.length - places).replace(/^0+(?=.)/, '');
  const decimals = places === 0 ? '' : `.${padded.slice(-places)}`;
  return [orReason(() => through('int64', `${whole}${decimals}e${exponent}`)), exact(digits, exponent - places)];
});
holds(
  'a double with few digits and an exponent is read to the nearest',
  fc.tuple(fc.nat(), fc.nat(12), fc.integer({ min: -45, max: 45 })),
  ([digits, places, exponent]) => {
    const text = `${(digits / 10 ** places).toFixed(places)}E${exponent}`;
    return [Number(through('double', text)).toString(), String(Number(text))];
  },
);

const number = (value: number) => (Object.is(value, -0) ? '-0' : String(value));
const doubles = fc.double({ noDefaultInfinity: true, noNaN: true });
const decimals = fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(9)).map(([digits, places]) => digits / 10 ** places);
holds('a double is printed as JavaScript prints it', fc.oneof(doubles, decimals), (value) => [
  through('double', number(value)),
  number(value),
]);
holds(
  'a double is read to the nearest',
  fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: -330, max: 295 })),
  ([whole, fraction, exponent]) => {
    const text = `${whole}.${fraction}e${exponent}`;
    return [through('double', text), String(Number(text))];
  },
);

const floats = fc.float({ noDefaultInfinity: true, noNaN: true });
holds('a float comes back as the same float', fc.oneof(floats, decimals.map(Math.fround)), (value) => {
  return [number(Math.fround(Number(through('float', number(value))))), number(value)];
});
holds('no decimal of fewer digits gives the float that is printed', floats, (value) => {
  const printed = through('float', number(value));
  const digits = printed
    .replace(/e.*/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '').length;
  const fewer = digits < 2 ? Number.NaN : Math.fround(Number(value.toPrecision(digits - 1)));
  return [String(fewer === value), 'false'];
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ maxLength: 300 }),
);
holds('text is printed as JSON.stringify prints it', text, (value) => [through('string', JSON.stringify(value)), JSON.stringify(value)]);
holds('text is read from escapes', text, (value) => {
  const escaped = [...Array(value.length).keys()].map((i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
  return [through('string', `"${escaped}"`), JSON.stringify(value)];
});
holds('bytes are base64, both ways', fc.uint8Array({ maxLength: 200 }), (value) => {
  const base64 = Buffer.from(value).toString('base64');
  return [through('bytes', `"${Buffer.from(value).toString('base64url')}"`), `"${base64}"`];
});

const dates = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
const iso = (date: Date) =>
  date
    .toISOString()
    .replace('.000Z', 'Z')
    .replace(/^[+]00/, '');
holds('a Timestamp is the time that JavaScript has', dates, (date) => [through('time', `"${iso(date)}"`), `"${iso(date)}"`]);
holds('a Timestamp may come with an offset', fc.tuple(dates, fc.integer({ min: -1439, max: 1439 })), ([date, minutes]) => {
  const local = new Date(date.getTime() + minutes * 60_000);
  if (local.getUTCFullYear() < 1 || local.getUTCFullYear() > 9999) return ['', ''];
  const pad = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${pad(Math.abs(minutes) / 60)}:${pad(minutes % 60)}`;
  return [through('time', `"${local.toISOString().slice(0, -1)}${offset}"`), `"${iso(date)}"`];
});
