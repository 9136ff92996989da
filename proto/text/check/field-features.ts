import { type AnyField, isClosed, isMapEntry, isPackable, traitsOf } from '../field-traits.js';
import { LABEL, TYPE } from '../field-types.js';
import { enumOf, messageOf } from '../type-of.js';
import type { Checker } from './checker.js';

/** FeatureSet.FieldPresence and RepeatedFieldEncoding. */
const IMPLICIT = 2n;
const LEGACY_REQUIRED = 3n;
const PACKED = 1n;
const OPTIONS = 8;

/** Features of a field in editions, as https://protobuf.dev/editions/features/ allows them. */
export function checkFieldFeatures(checker: Checker, field: AnyField): void {
  const { node } = field;
  const report = (reason: string) => checker.report(field, reason, OPTIONS);
  if (checker.option(node, 'packed') !== undefined) report('editions have no option packed; use features.repeated_field_encoding');
  if (traitsOf(field).implicit) {
    if (node.defaultValue !== undefined) report('a field with implicit presence has no default');
    const type = enumOf(field);
    if (type !== undefined && isClosed(type)) report(`a field with implicit presence needs an open enum, ${type.name} is closed`);
  }
  // What a map field says is handed down to key and value, where it need not fit.
  if (isMapEntry(field.parent)) return;
  checkPresence(checker, field, report);
  checkEncoding(checker, field, report);
}

function checkPresence(checker: Checker, field: AnyField, report: (reason: string) => void): void {
  const { node } = field;
  const presence = checker.option(node, 'features', 'field_presence');
  if (presence === undefined) return;
  if (node.oneofIndex !== undefined) report('a field of a oneof has no feature field_presence');
  else if (node.label === LABEL.repeated) report('a repeated field has no feature field_presence');
  else if (field.kind === 'extension') {
    report(presence === LEGACY_REQUIRED ? 'an extension cannot be required' : 'an extension has no feature field_presence');
  } else if (presence === IMPLICIT && isMessage(node.type)) report('the presence of a message is never implicit');
}

function checkEncoding(checker: Checker, field: AnyField, report: (reason: string) => void): void {
  const { node } = field;
  const feature = (name: string) => checker.option(node, 'features', name);
  const isRepeated = node.label === LABEL.repeated;
  const encoding = feature('repeated_field_encoding');
  if (encoding !== undefined && !isRepeated) report('repeated_field_encoding is for repeated fields');
  if (encoding === PACKED && !(isRepeated && isPackable(node.type ?? 0))) report('PACKED is for repeated numbers, bools and enums');
  const entry = messageOf(field);
  const map = isMapEntry(entry) ? entry : undefined;
  const hasText = node.type === TYPE.string || (map?.node.field.some(({ type }) => type === TYPE.string) ?? false);
  if (feature('utf8_validation') !== undefined && !hasText) report('utf8_validation is for strings');
  if (feature('message_encoding') !== undefined && (!isMessage(node.type) || map !== undefined)) {
    report('message_encoding is for fields of message types, and not for maps');
  }
}

function isMessage(type: number | undefined): boolean {
  return type === TYPE.message || type === TYPE.group;
}
