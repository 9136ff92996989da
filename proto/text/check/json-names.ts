import type { FieldDescriptor } from '../../descriptor/descriptor.js';
import { jsonNameOf } from '../../link/json-name.js';
import type { MessageElement } from '../element.js';
import type { Checker } from './checker.js';
import { strictJson } from './json-format.js';

const FIELD = 2;

/**
 * JSON names of a message's fields are distinct: those derived from the names, which field masks use, and those in force. Where the JSON format is
 * best effort (proto2), only two given names may not be the same.
 */
export function checkJsonNames(checker: Checker, message: MessageElement): void {
  if (checker.option(message.node, 'deprecated_legacy_json_field_conflicts') === true) return;
  const isStrict = strictJson(checker, message);
  checkNames(checker, message, isStrict, false);
  checkNames(checker, message, isStrict, true);
}

function checkNames(checker: Checker, message: MessageElement, isStrict: boolean, given: boolean): void {
  const seen = new Map<string, FieldDescriptor>();
  for (const [i, field] of message.node.field.entries()) {
    const name = given ? (field.jsonName ?? '') : jsonNameOf(field.name ?? '');
    const isCustom = given && isGiven(field);
    if (isCustom && name.startsWith('[') && name.endsWith(']')) {
      checker.report(message, `the JSON name of ${field.name} looks like that of an extension: ${name}`, FIELD, i);
      continue;
    }
    const other = seen.get(name);
    if (other === undefined) {
      seen.set(name, field);
      continue;
    }
    const customs = (isCustom ? 1 : 0) + (given && isGiven(other) ? 1 : 0);
    if (given && customs === 0) continue;
    if (isStrict || customs === 2) {
      checker.report(
        message,
        `fields ${other.name} and ${field.name} have the same JSON name ${name}; give one of them a json_name`,
        FIELD,
        i,
      );
    }
  }
}

function isGiven({ jsonName, name = '' }: FieldDescriptor): boolean {
  return jsonName !== jsonNameOf(name);
}
