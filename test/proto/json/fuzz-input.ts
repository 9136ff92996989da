/** Random numbers that a seed repeats (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** An integer in `[0, below)`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}

/** A few changes to good input: bits, bytes, pieces left out, doubled, exchanged, cut off. */
export function mutate(random: Random, input: Buffer, other: Buffer): Buffer {
  let bytes = Buffer.from(input);
  for (let change = random.below(4); change >= 0; change--) {
    const at = random.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + random.below(12));
    const piece = bytes.subarray(at, end);
    switch (random.below(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = random.below(256);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), random.bytes(random.below(4)), bytes.subarray(at)]);
        break;
      case 5: {
        const from = random.below(other.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + random.below(40)), bytes.subarray(at)]);
        break;
      }
      default:
        if (random.below(4) === 0) bytes = bytes.subarray(0, at);
    }
  }
  return bytes;
}

const tokens = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '\\',
  ' ',
  '\n',
  'null',
  'true',
  'false',
  '0',
  '-',
  '1',
  '9',
  '.5',
  'e',
  'E+3',
  '1e308',
  '-0',
  '18446744073709551615',
  '01',
  '""',
  '"a"',
  '"\\u0041"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  '"é"',
  '"1.5s"',
  '"NaN"',
  '"AQ=="',
  '"@type"',
  '"x/all.Kinds"',
  '"x/google.protobuf.Value"',
  '"value"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"int32":',
  '"kinds":{',
  '"many":[{',
  '"value":',
  '"struct":{',
  '"any":{"@type":"x/all.Kinds",',
  '"toInt":{',
  '"left":',
  '"string":"',
] as const;

/** Text of JSON's tokens in any order, more often than not one that opens what it closes. */
export function randomTokens(random: Random): Buffer {
  const text: string[] = random.below(3) === 0 ? [] : ['{'];
  for (let count = random.below(14); count >= 0; count--) text.push(random.pick(tokens));
  for (let count = random.below(4); count > 0; count--) text.push(random.pick(['}', ']', '}]', '"']));
  return Buffer.from(text.join(''));
}

/** JSON text of a random value, in any layout. */
export function randomJsonText(random: Random, depth = 0): string {
  const space = () => random.pick(['', '', '', ' ', '\n\t']);
  const kind = random.below(depth > 4 ? 7 : 10);
  if (kind < 3) return random.pick(['null', 'true', 'false', '0', '-0', '-1.5e-7', '123456789012345678', '1E+2', '0.1', '5e-324']);
  if (kind < 7)
    return JSON.stringify(
      random.pick(['', 'a', 'b"\\', 'é€😀', '\u0000\n', '__proto__', 'x'.repeat(random.below(300)), 'ü'.repeat(random.below(300))]),
    );
  const items = Array.from({ length: random.below(5) }, () => `${space()}${randomJsonText(random, depth + 1)}${space()}`);
  if (kind < 9) return `[${items.join(',')}${items.length === 0 ? space() : ''}]`;
  return `{${items.map((item, i) => `${space()}"${random.pick(['k', '__proto__', 'é'])}${i}"${space()}:${item}`).join(',')}}`;
}

/** Fields of a message with the given numbers, in any order and wire type, contents mostly fitting. */
export function randomWire(random: Random, numbers: readonly [number, ...number[]], depth = 0): Buffer {
  const parts: Buffer[] = [];
  for (let count = random.below(6); count > 0; count--) {
    const number = random.below(8) === 0 ? 1 + random.below(3000) : random.pick(numbers);
    const wireType = random.pick([0, 0, 1, 2, 2, 2, 3, 5]);
    parts.push(varint((number << 3) | wireType), wireValue(random, numbers, number, wireType, depth));
  }
  return Buffer.concat(parts);
}

function wireValue(random: Random, numbers: readonly [number, ...number[]], number: number, wireType: number, depth: number): Buffer {
  switch (wireType) {
    case 0:
      return random.below(3) === 0
        ? Buffer.concat([Buffer.alloc(random.below(9), 0xff), Buffer.from([random.below(2)])])
        : varint(random.below(300));
    case 1:
      return random.below(2) === 0 ? Buffer.alloc(8) : random.bytes(8);
    case 5:
      return random.bytes(4);
    case 3:
      return depth > 6 ? varint((number << 3) | 4) : Buffer.concat([randomWire(random, numbers, depth + 1), varint((number << 3) | 4)]);
    default: {
      const content =
        random.below(3) === 0
          ? Buffer.from(random.pick(['', 'a', 'é', 'key', 'x/all.Kinds', 'x/google.protobuf.Any', 'page_size', 'y'.repeat(130)]))
          : randomWire(random, depth > 6 ? [1, 2] : random.below(2) === 0 ? [1, 2, 3, 4, 5, 6] : numbers, depth + 1);
      return Buffer.concat([varint(content.length), content]);
    }
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  value >>>= 0;
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}
