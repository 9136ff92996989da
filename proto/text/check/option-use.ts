import { messageOption, varintOption } from '../../descriptor/option.js';
import { WireReader } from '../../wire/reader.js';
import { VARINT } from '../../wire/wire.js';
import { EDITION_2023, EDITIONS } from '../editions.js';
import type { OptionHolder } from '../element.js';
import type { AnyField } from '../field-traits.js';
import { MessageValue, type Value } from '../message-value.js';
import { enumOf } from '../type-of.js';
import type { Checker } from './checker.js';

/** FieldOptions.targets and .feature_support, EnumValueOptions.feature_support, and the fields of FeatureSupport. */
const TARGETS = 19;
const FEATURE_SUPPORT = { field: 22, value: 4 } as const;
const SUPPORT = { introduced: 1, removed: 4 } as const;

/** OptionTargetType of each kind of element. */
const TARGET = { file: 1, range: 2, message: 3, field: 4, extension: 4, oneof: 5, enum: 6, value: 7, service: 8, method: 9 } as const;
const NOUN = { range: 'an extension range', value: 'a value of an enum', enum: 'an enum', extension: 'a field', oneof: 'a oneof' } as const;

/** Options are where they belong (`targets`), and the file's edition has them (`feature_support`). */
export function checkOptionUse(checker: Checker, node: object, kind: OptionHolder, path: readonly number[]): void {
  const options = checker.options.get(node);
  if (options === undefined) return;
  if (checker.file.edition < EDITION_2023 && options.get('features') !== undefined) {
    checker.file.problem(path, 'option features', 'features are for editions; proto2 and proto3 have none');
    return;
  }
  checkMessage(checker, options, kind, path);
}

function checkMessage(checker: Checker, message: MessageValue, kind: OptionHolder, path: readonly number[]): void {
  for (const [field, values] of message.fields) {
    const subject = `option ${field.kind === 'extension' ? `(${field.name})` : field.node.name}`;
    const wrong = wrongTarget(field, kind) ?? wrongEdition(checker, field.node.options, FEATURE_SUPPORT.field);
    if (wrong !== undefined) checker.file.problem(path, subject, wrong);
    for (const value of values) {
      const unsupported = checkValue(checker, field, value);
      if (unsupported !== undefined) checker.file.problem(path, subject, unsupported);
      if (value instanceof MessageValue) checkMessage(checker, value, kind, path);
    }
  }
}

function wrongTarget(field: AnyField, kind: OptionHolder): string | undefined {
  const targets = varintOptions(field.node.options, TARGETS);
  if (targets.length === 0 || targets.includes(TARGET[kind])) return undefined;
  return `cannot be set on ${kind in NOUN ? NOUN[kind as keyof typeof NOUN] : `a ${kind}`}`;
}

function checkValue(checker: Checker, field: AnyField, value: Value): string | undefined {
  const type = enumOf(field);
  if (type === undefined || typeof value !== 'bigint') return undefined;
  const named = type.node.value.find(({ number = 0 }) => BigInt(number) === value);
  return wrongEdition(checker, named?.options, FEATURE_SUPPORT.value);
}

function wrongEdition(checker: Checker, options: Uint8Array | undefined, number: number): string | undefined {
  const support = messageOption(options, number);
  const introduced = varintOption(support, SUPPORT.introduced);
  const removed = varintOption(support, SUPPORT.removed);
  const { edition } = checker.file;
  if (introduced !== undefined && edition < introduced) return `exists since edition ${editionName(introduced)} only`;
  return removed !== undefined && edition >= removed ? `is gone since edition ${editionName(removed)}` : undefined;
}

/** All values of a repeated varint option. */
function varintOptions(options: Uint8Array | undefined, number: number): number[] {
  const values: number[] = [];
  if (options === undefined) return values;
  for (const reader = new WireReader(options); !reader.done; ) {
    const tag = reader.tag();
    if (tag === ((number << 3) | VARINT)) values.push(reader.int32());
    else reader.skip(tag);
  }
  return values;
}

function editionName(number: number): string {
  return [...EDITIONS].find(([, each]) => each === number)?.[0] ?? String(number);
}
