import type { ReservedRange } from '../../descriptor/descriptor.js';
import type { EnumElement, MessageElement } from '../element.js';
import { MAX_FIELD_NUMBER } from '../parse-ranges.js';
import type { Checker } from './checker.js';

/** Paths from a message to its lists. */
const MESSAGE = { field: 2, extensionRange: 5, reservedRange: 9, reservedName: 10 } as const;
const ENUM = { value: 2, reservedRange: 4, reservedName: 5 } as const;
const FIELD = { name: 1, number: 3 } as const;

/** Numbers from `start` up to but not with `end`, and where they are written. */
interface Range {
  readonly start: number;
  readonly end: number;
  readonly path: readonly number[];
  readonly kind: 'reserved' | 'extension';
}

function rangesOf(list: readonly ReservedRange[], kind: Range['kind'], number: number, inclusive = 0): Range[] {
  return list.map(({ start = 0, end = 0 }, i) => ({ start, end: end + inclusive, path: [number, i], kind }));
}

/** Reserved and extension ranges of a message are sound and apart from each other, and no field is in them. */
export function checkMessageRanges(checker: Checker, message: MessageElement): void {
  const { node } = message;
  const reserved = rangesOf(node.reservedRange, 'reserved', MESSAGE.reservedRange);
  const extensions = rangesOf(node.extensionRange, 'extension', MESSAGE.extensionRange);
  const isMessageSet = checker.option(node, 'message_set_wire_format') === true;
  for (const { start, end, path, kind } of [...reserved, ...extensions]) {
    if (start <= 0) checker.report(message, `${kind} numbers must be positive`, ...path);
    if (start >= end) checker.report(message, `the end of the ${kind} range is below its start`, ...path);
    if (kind === 'extension' && !isMessageSet && end > MAX_FIELD_NUMBER + 1) {
      checker.report(message, `extension numbers are at most ${MAX_FIELD_NUMBER}`, ...path);
    }
  }
  checkApart(checker, message, [...reserved, ...extensions]);
  checkNames(checker, message, node.reservedName, MESSAGE.reservedName);
  const names = new Set(node.reservedName);
  for (const [i, { name, number = 0 }] of node.field.entries()) {
    const range = [...reserved, ...extensions].find(({ start, end }) => number >= start && number < end);
    if (range?.kind === 'reserved')
      checker.report(message, `field ${name} has the reserved number ${number}`, MESSAGE.field, i, FIELD.number);
    if (range?.kind === 'extension') {
      checker.report(message, `field ${name} has number ${number}, which is in a range for extensions`, MESSAGE.field, i, FIELD.number);
    }
    if (names.has(name ?? '')) checker.report(message, `field ${name} has a reserved name`, MESSAGE.field, i, FIELD.name);
  }
}

/** The same for an enum; the ends of its ranges are part of them. */
export function checkEnumRanges(checker: Checker, enumeration: EnumElement): void {
  const { node } = enumeration;
  const reserved = rangesOf(node.reservedRange, 'reserved', ENUM.reservedRange, 1);
  for (const { start, end, path } of reserved) {
    if (start >= end) checker.report(enumeration, 'the end of the reserved range is below its start', ...path);
  }
  checkApart(checker, enumeration, reserved);
  checkNames(checker, enumeration, node.reservedName, ENUM.reservedName);
  const names = new Set(node.reservedName);
  for (const [i, { name, number = 0 }] of node.value.entries()) {
    const isReserved = reserved.some(({ start, end }) => number >= start && number < end);
    if (isReserved) checker.report(enumeration, `${name} has the reserved number ${number}`, ENUM.value, i, 2);
    if (names.has(name ?? '')) checker.report(enumeration, `${name} is a reserved name`, ENUM.value, i, 1);
  }
}

function checkApart(checker: Checker, element: MessageElement | EnumElement, ranges: readonly Range[]): void {
  const sorted = ranges.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start);
  let last: Range | undefined;
  for (const range of sorted) {
    if (last !== undefined && range.start < last.end) {
      checker.report(element, `the ranges ${printRange(last)} and ${printRange(range)} overlap`, ...range.path);
    }
    if (last === undefined || range.end > last.end) last = range;
  }
}

function printRange({ start, end, kind }: Range): string {
  return `${kind} ${start === end - 1 ? start : `${start} to ${end - 1}`}`;
}

function checkNames(checker: Checker, element: MessageElement | EnumElement, names: readonly string[], number: number): void {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (seen.size === seen.add(name).size) checker.report(element, `the name ${name} is reserved twice`, number, i);
  }
}
