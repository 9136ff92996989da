import { type AnyField, featuresOfFile, isClosed, isMapEntry } from '../field-traits.js';
import { TYPE } from '../field-types.js';
import { mapEntryName } from '../map-entry.js';
import { messageOf, typeNamed } from '../type-of.js';
import type { Checker } from './checker.js';

const TYPE_NAME = 6;
const NO_KEYS: readonly number[] = [TYPE.float, TYPE.double, TYPE.bytes, TYPE.message, TYPE.group];

/** Keys and values of map fields have types that maps can have; nobody else uses the synthetic entry of a map. */
export function checkMap(checker: Checker, field: AnyField): void {
  const { node, parent } = field;
  const entry = messageOf(field);
  if (entry === undefined || !isMapEntry(entry)) return;
  if (entry.parent !== parent || field.kind === 'extension' || entry.node.name !== mapEntryName(node.name ?? '')) {
    checker.report(field, `${entry.name} is the synthetic entry of a map and cannot be used as a type`, TYPE_NAME);
    return;
  }
  const [key, value] = entry.node.field;
  if (key?.type === TYPE.enum) checker.report(field, 'the key of a map cannot be an enum', TYPE_NAME);
  else if (NO_KEYS.includes(key?.type ?? 0)) {
    checker.report(field, 'the key of a map must be an integer, a bool or a string', TYPE_NAME);
  }
  if (value?.type === TYPE.enum) {
    const type = typeNamed(field.file, value.typeName);
    if (type?.kind !== 'enum') return;
    if (type.node.value[0]?.number !== 0) {
      checker.report(field, `the first value of ${type.name} must be 0, since it is the value of a map`, TYPE_NAME);
    }
    // Only a file says so of the values of maps: fields that are repeated, as maps are, have no feature of presence.
    if (featuresOfFile(field.file).presence === 'implicit' && isClosed(type)) {
      checker.report(
        field,
        `${type.name} is a closed enum (as in proto2), which maps of a file with implicit presence (as proto3) cannot have`,
        TYPE_NAME,
      );
    }
  }
}
