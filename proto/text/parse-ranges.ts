import type { EnumDescriptor, ExtensionRange, MessageDescriptor, ReservedRange } from '../descriptor/descriptor.js';
import { parseOption } from './parse-option.js';
import { MAX_INT32, type Parser } from './parser.js';
import type { Token } from './token.js';

/** Numbers of the fields of DescriptorProto and EnumDescriptorProto that hold ranges and names. */
const EXTENSION_RANGE = 5;
const MESSAGE_RESERVED = { range: 9, name: 10 } as const;
const ENUM_RESERVED = { range: 4, name: 5 } as const;
const START = 1;
const END = 2;
const OPTIONS = 3;

/** Largest field number, and what `max` stands for in a message. In a message set it is the largest int32. */
export const MAX_FIELD_NUMBER = 0x1fff_ffff;
/** End of a range written as `max` until the message's options are known. */
const MAX_END = -1;

/** `extensions 100 to 199, 300 to max [options];` */
export function parseExtensionRanges(p: Parser, message: MessageDescriptor, messagePath: readonly number[]): void {
  const location = p.open(messagePath.concat(EXTENSION_RANGE));
  p.expect('extensions');
  const first = message.extensionRange.length;
  do {
    const range: ExtensionRange = {};
    const path = location.path.concat(message.extensionRange.length);
    message.extensionRange.push(range);
    parseRange(
      p,
      path,
      range,
      () => fieldNumber(p, 'a field number'),
      () => MAX_END - 1,
    );
    range.end = (range.end ?? 0) + 1;
  } while (p.accept(','));
  if (p.at('[')) parseRangeOptions(p, location.path, message.extensionRange, first);
  p.expectEnd(';', location);
  p.close(location);
}

/** Options of several ranges stand there once; descriptor and locations have them for each range. */
function parseRangeOptions(p: Parser, path: readonly number[], all: readonly ExtensionRange[], first: number): void {
  const ranges = all.slice(first);
  const head = ranges[0];
  if (head === undefined) return;
  const from = p.locations.length;
  const optionsPath = path.concat(first, OPTIONS);
  const location = p.open(optionsPath);
  p.expect('[');
  do parseOption(p, head, optionsPath, 'assignment');
  while (p.accept(','));
  p.expect(']', 'expected "," or "]" after an option');
  p.close(location);
  const recorded = p.locations.slice(from);
  for (const [index, range] of ranges.entries()) {
    if (index === 0) continue;
    p.options.set(range, p.options.get(head) ?? []);
    for (const { path: own, ...rest } of recorded) p.locations.push({ ...rest, path: own.with(path.length, first + index) });
  }
}

/** `reserved 2, 5 to 9, 100 to max;`, `reserved "a", "b";` and, in editions, `reserved a, b;` */
export function parseMessageReserved(p: Parser, message: MessageDescriptor, path: readonly number[]): void {
  parseReserved(p, message, path, MESSAGE_RESERVED, (rangePath, range) => {
    parseRange(
      p,
      rangePath,
      range,
      () => fieldNumber(p, 'a field number or name'),
      () => MAX_END - 1,
    );
    range.end = (range.end ?? 0) + 1;
  });
}

/** As in a message, but with negative numbers, and the end of a range is part of it in the descriptor too. */
export function parseEnumReserved(p: Parser, enumeration: EnumDescriptor, path: readonly number[]): void {
  parseReserved(p, enumeration, path, ENUM_RESERVED, (rangePath, range) =>
    parseRange(
      p,
      rangePath,
      range,
      () => p.signedInt32('a number or the name of a value'),
      () => 0x7fff_ffff,
    ),
  );
}

/** Once the options are known: `max` becomes a number. */
export function settleMax(message: MessageDescriptor, isMessageSet: boolean): void {
  const end = isMessageSet ? 0x7fff_ffff : MAX_FIELD_NUMBER + 1;
  for (const range of [...message.extensionRange, ...message.reservedRange]) if (range.end === MAX_END) range.end = end;
}

function parseReserved(
  p: Parser,
  element: { reservedRange: ReservedRange[]; reservedName: string[] },
  elementPath: readonly number[],
  numbers: { readonly range: number; readonly name: number },
  readRange: (path: readonly number[], range: ReservedRange) => void,
): void {
  const start = p.current;
  p.expect('reserved');
  const isNames = p.atType('string') || p.atType('identifier');
  if (p.atType('string') && p.syntax === 'editions') p.fail('in editions reserved names are identifiers, without quotes');
  if (p.atType('identifier') && p.syntax !== 'editions')
    p.fail('reserved names are strings in quotes; only editions have identifiers here');
  const location = p.open(elementPath.concat(isNames ? numbers.name : numbers.range), start);
  do {
    const list = isNames ? element.reservedName : element.reservedRange;
    const path = location.path.concat(list.length);
    if (isNames) {
      element.reservedName.push(p.located(path, () => (p.syntax === 'editions' ? p.identifier('a name') : p.text('a name in quotes'))));
    } else {
      const range: ReservedRange = {};
      element.reservedRange.push(range);
      readRange(path, range);
    }
  } while (p.accept(','));
  p.expectEnd(';', location);
  p.close(location);
}

/** One less than the largest int32, since descriptors have the number behind the end of a range. */
function fieldNumber(p: Parser, what: string): number {
  return Number(p.integer(what, MAX_INT32 - 1n));
}

function parseRange(p: Parser, path: readonly number[], range: ReservedRange, number: () => number, max: () => number): void {
  p.located(path, () => {
    const token: Token = p.current;
    range.start = p.located(path.concat(START), number);
    range.end = range.start;
    if (!p.accept('to')) {
      p.openAt(path.concat(END), token);
      return;
    }
    range.end = p.located(path.concat(END), () => (p.accept('max') ? max() : number()));
  });
}
