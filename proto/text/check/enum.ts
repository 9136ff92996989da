import { EDITION_PROTO2 } from '../editions.js';
import type { EnumElement } from '../element.js';
import { isClosed } from '../field-traits.js';
import type { Checker } from './checker.js';
import { checkEnumRanges } from './ranges.js';

const VALUE = 2;
const NAME = 1;
const NUMBER = 2;

/** What protoc refuses in an enum. */
export function checkEnum(checker: Checker, enumeration: EnumElement): void {
  const { node } = enumeration;
  const [first] = node.value;
  if (first === undefined) checker.report(enumeration, 'an enum needs at least one value', NAME);
  else if (first.number !== 0 && !isClosed(enumeration)) {
    checker.report(
      enumeration,
      `the first value of an open enum (as in proto3) must be 0; ${first.name} is ${first.number}`,
      VALUE,
      0,
      NUMBER,
    );
  }
  checkEnumRanges(checker, enumeration);
  if (checker.option(node, 'allow_alias') !== true) checkNumbers(checker, enumeration);
  checkNames(checker, enumeration);
}

function checkNumbers(checker: Checker, enumeration: EnumElement): void {
  const used = new Map<number, string>();
  for (const [i, { number = 0, name = '' }] of enumeration.node.value.entries()) {
    const other = used.get(number);
    if (other === undefined) used.set(number, name);
    else
      checker.report(
        enumeration,
        `${name} has the number ${number} of ${other}; if that is meant, set allow_alias = true`,
        VALUE,
        i,
        NUMBER,
      );
  }
}

/** Names are distinct also without the enum's own name in front, and whatever their case: generated code may write them so. */
function checkNames(checker: Checker, enumeration: EnumElement): void {
  if (checker.file.edition === EDITION_PROTO2 || checker.option(enumeration.node, 'deprecated_legacy_json_field_conflicts') === true)
    return;
  const seen = new Map<string, { readonly name: string; readonly number: number }>();
  for (const [i, { name = '', number = 0 }] of enumeration.node.value.entries()) {
    const stripped = pascalCase(withoutPrefix(enumeration.node.name ?? '', name));
    const other = seen.get(stripped);
    if (other === undefined) seen.set(stripped, { name, number });
    else if (other.name !== name && other.number !== number) {
      const reason = `${name} and ${other.name} are the same name without case and without the name of the enum in front`;
      checker.report(enumeration, reason, VALUE, i, NAME);
    }
  }
}

/** `MY_KIND_BIG` in enum MyKind -> `BIG`; unchanged where that leaves nothing. */
function withoutPrefix(enumeration: string, value: string): string {
  const prefix = enumeration.replaceAll('_', '').toLowerCase();
  let matched = 0;
  let at = 0;
  for (; at < value.length && matched < prefix.length; at++) {
    if (value[at] === '_') continue;
    if (value[at]?.toLowerCase() !== prefix[matched]) return value;
    matched += 1;
  }
  if (matched < prefix.length) return value;
  while (value[at] === '_') at += 1;
  return at === value.length ? value : value.slice(at);
}

function pascalCase(name: string): string {
  return name
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join('');
}
