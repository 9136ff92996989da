import type { MessageType } from '../schema.js';

/** How a message looks in JSON: as an object of its fields, or in a form of its own (https://protobuf.dev/programming-guides/json/). */
export type Form = 'message' | 'timestamp' | 'duration' | 'mask' | 'struct' | 'value' | 'list' | 'any' | 'wrapper';

const wellKnown: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['google.protobuf.Timestamp', 'timestamp'],
  ['google.protobuf.Duration', 'duration'],
  ['google.protobuf.FieldMask', 'mask'],
  ['google.protobuf.Struct', 'struct'],
  ['google.protobuf.Value', 'value'],
  ['google.protobuf.ListValue', 'list'],
  ['google.protobuf.Any', 'any'],
  ...['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map((kind): [string, Form] => [
    `google.protobuf.${kind}Value`,
    'wrapper',
  ]),
]);

/** How values of a message stand in JSON: by its full name, since all but the well-known types are objects. */
export function formOf(type: MessageType): Form {
  return wellKnown.get(type.name) ?? 'message';
}

/** Forms in which the values of the fields stand alone: no braces, no keys. */
export function isBare(form: Form): boolean {
  return form === 'wrapper' || form === 'struct' || form === 'list' || form === 'value';
}

/** The enum whose one value is JSON's null. */
export const NULL_VALUE = 'google.protobuf.NullValue';

/** Values of Timestamp and Duration, timestamp.proto and duration.proto: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z, 10,000 years. */
export const MIN_TIMESTAMP = -62_135_596_800;
export const MAX_TIMESTAMP = 253_402_300_799;
export const MAX_DURATION = 315_576_000_000;
