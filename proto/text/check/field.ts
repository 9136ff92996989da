import { jsonNameOf } from '../../link/json-name.js';
import { EDITION_2023, EDITION_2024, EDITION_PROTO3 } from '../editions.js';
import { type AnyField, isClosed, isMapEntry, isMessageSet, isPackable } from '../field-traits.js';
import { LABEL, TYPE } from '../field-types.js';
import { MAX_FIELD_NUMBER } from '../parse-ranges.js';
import { enumOf, typeNamed } from '../type-of.js';
import type { Checker } from './checker.js';
import { checkFieldFeatures } from './field-features.js';
import { checkMap } from './map.js';

const FIELD = { extendee: 2, number: 3, label: 4, type: 5, typeName: 6, defaultValue: 7, options: 8, jsonName: 10 } as const;
const RESERVED = { first: 19_000, last: 19_999 } as const;
const LONG_TYPES: readonly number[] = [TYPE.int64, TYPE.uint64, TYPE.sint64, TYPE.fixed64, TYPE.sfixed64];

/** What protoc refuses in a field or extension. */
export function checkField(checker: Checker, field: AnyField): void {
  const { node } = field;
  checkNumber(checker, field);
  if (node.label === LABEL.repeated && node.defaultValue !== undefined) {
    checker.report(field, 'a repeated field has no default', FIELD.defaultValue);
  }
  if (checker.file.edition === EDITION_PROTO3) checkProto3(checker, field);
  if (checker.file.edition >= EDITION_2023) checkFieldFeatures(checker, field);
  checkOptions(checker, field);
  checkMap(checker, field);
  if (field.kind === 'extension') checkExtension(checker, field);
  if (node.jsonName?.includes('\0')) checker.report(field, 'json_name has a null character', FIELD.jsonName);
}

function checkNumber(checker: Checker, field: AnyField): void {
  const number = field.node.number ?? 0;
  if (number <= 0) checker.report(field, `field numbers are positive, ${number} is not`, FIELD.number);
  else if (field.kind === 'field' && number > MAX_FIELD_NUMBER) {
    checker.report(field, `field numbers are at most ${MAX_FIELD_NUMBER}`, FIELD.number);
  } else if (number >= RESERVED.first && number <= RESERVED.last) {
    checker.report(field, `the numbers ${RESERVED.first} to ${RESERVED.last} are reserved for protobuf itself`, FIELD.number);
  }
}

function checkProto3(checker: Checker, field: AnyField): void {
  const { node } = field;
  if (node.label === LABEL.required) checker.report(field, 'proto3 has no required fields', FIELD.label);
  if (node.defaultValue !== undefined) checker.report(field, 'proto3 has no defaults', FIELD.defaultValue);
  if (node.type === TYPE.group) checker.report(field, 'proto3 has no groups', FIELD.type);
  const type = enumOf(field);
  if (type !== undefined && isClosed(type) && !isMapEntry(field.parent)) {
    checker.report(field, `${type.name} is a closed enum (as in proto2), which proto3 messages cannot have`, FIELD.typeName);
  }
  if (field.kind === 'extension' && !isCustomOption(node.extendee ?? '')) {
    checker.report(field, 'proto3 has no extensions but those that define options', FIELD.extendee);
  }
}

function isCustomOption(extendee: string): boolean {
  return /^\.google\.protobuf\.(?:File|Message|Field|Enum|EnumValue|Service|Method|Oneof|ExtensionRange)Options$/.test(extendee);
}

function checkOptions(checker: Checker, field: AnyField): void {
  const { node } = field;
  const type = node.type ?? 0;
  const option = (name: string) => checker.option(node, name);
  if (option('lazy') === true || option('unverified_lazy') === true) {
    if (type !== TYPE.message) checker.report(field, 'lazy is for fields of message types', FIELD.options);
    if (option('unverified_lazy') === true && field.kind === 'extension') {
      checker.report(field, 'unverified_lazy is not for extensions', FIELD.options);
    }
  }
  if (option('packed') === true && !(node.label === LABEL.repeated && isPackable(type))) {
    checker.report(field, 'packed is for repeated numbers, bools and enums', FIELD.options);
  }
  const jsType = option('jstype');
  if (jsType !== undefined && jsType !== 0n && !LONG_TYPES.includes(type)) {
    checker.report(field, 'jstype is for 64-bit integers', FIELD.options);
  }
  if (option('ctype') !== undefined && checker.file.edition >= EDITION_2024) {
    checker.report(field, 'there is no ctype since edition 2024; use features.(pb.cpp).string_type', FIELD.options);
  }
}

function checkExtension(checker: Checker, field: AnyField): void {
  const { node } = field;
  if (node.label === LABEL.required) checker.report(field, 'an extension cannot be required', FIELD.label);
  if (node.jsonName !== jsonNameOf(node.name ?? '')) checker.report(field, 'an extension has no json_name', FIELD.jsonName);
  const extendee = typeNamed(field.file, node.extendee);
  if (extendee?.kind !== 'message') return;
  const isSetItem = node.label === LABEL.optional && node.type === TYPE.message;
  if (isMessageSet(extendee) && !isSetItem) {
    checker.report(field, 'the extensions of a message set are optional messages', FIELD.type);
  }
  if (checker.file.isLite && !extendee.file.isLite) {
    checker.report(
      field,
      `a file with optimize_for = LITE_RUNTIME cannot extend ${extendee.name}, whose file does not have it`,
      FIELD.extendee,
    );
  }
  if (isMapEntry(extendee)) checker.report(field, `${extendee.name} is the entry of a map and cannot be extended`, FIELD.extendee);
}
