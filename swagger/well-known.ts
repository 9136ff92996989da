import type { ScalarKind } from '../proto/schema.js';
import type { Dialect } from './dialect.js';
import type { SchemaObject } from './openapi.js';

/** How 64-bit integers are printed. */
export type Int64Form = 'string' | 'number';

/** How enum values are printed. */
export type EnumForm = 'name' | 'number';

/** The JSON form of a scalar, https://protobuf.dev/programming-guides/json/#field-representation. */
export function scalarSchema(kind: ScalarKind, dialect: Dialect, int64: Int64Form): SchemaObject {
  switch (kind) {
    case 'double':
    case 'float':
      return { type: 'number', format: kind };
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      return { type: 'integer', format: 'int32' };
    case 'uint32':
    case 'fixed32':
      // There is no format of wide use for it, and as int32 half of its values would not fit.
      return { type: 'integer', format: 'int64', minimum: 0, maximum: 4294967295 };
    case 'int64':
    case 'sint64':
    case 'sfixed64':
      return { type: int64 === 'string' ? 'string' : 'integer', format: 'int64' };
    case 'uint64':
    case 'fixed64':
      return { type: int64 === 'string' ? 'string' : 'integer', format: 'uint64' };
    case 'bool':
      return { type: 'boolean' };
    case 'string':
      return { type: 'string' };
    case 'bytes':
      return dialect.base64;
  }
}

const wrapped: ReadonlyMap<string, ScalarKind> = new Map<string, ScalarKind>([
  ['google.protobuf.DoubleValue', 'double'],
  ['google.protobuf.FloatValue', 'float'],
  ['google.protobuf.Int64Value', 'int64'],
  ['google.protobuf.UInt64Value', 'uint64'],
  ['google.protobuf.Int32Value', 'int32'],
  ['google.protobuf.UInt32Value', 'uint32'],
  ['google.protobuf.BoolValue', 'bool'],
  ['google.protobuf.StringValue', 'string'],
  ['google.protobuf.BytesValue', 'bytes'],
]);

/** The scalar that a wrapper message holds and is written as. */
export function wrappedKind(message: string): ScalarKind | undefined {
  return wrapped.get(message);
}

/** Messages whose JSON form is a string. */
const stringForms: ReadonlyMap<string, SchemaObject> = new Map<string, SchemaObject>([
  ['google.protobuf.Timestamp', { type: 'string', format: 'date-time' }],
  [
    'google.protobuf.Duration',
    { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$', description: 'Seconds, with up to nine fractional digits: `3.5s`.' },
  ],
  ['google.protobuf.FieldMask', { type: 'string', description: 'Paths of fields, separated by commas: `user.displayName,photo`.' }],
]);

/** The schema of a message whose JSON form is one string, number or boolean, in queries and paths too; undefined for other messages. */
export function plainMessageSchema(message: string, dialect: Dialect, int64: Int64Form): SchemaObject | undefined {
  const scalar = wrapped.get(message);
  return scalar === undefined ? stringForms.get(message) : scalarSchema(scalar, dialect, int64);
}

/** Messages with a JSON form of their own that is any JSON value, an array or an object. */
export const freeForms: ReadonlyMap<string, SchemaObject> = new Map<string, SchemaObject>([
  [
    'google.protobuf.Any',
    {
      type: 'object',
      description:
        'A message of any type: `@type` names it, and beside it stand its fields. A type with a JSON form of its own has it under `value`. In replies what cannot be written so is under `@value`, as bytes in base64.',
      properties: {
        '@type': { type: 'string', description: 'A URL whose last segment is the full name of the type: `type.googleapis.com/a.b.Type`.' },
      },
      required: ['@type'],
      additionalProperties: true,
    },
  ],
  ['google.protobuf.Struct', { type: 'object', description: 'Any JSON object.', additionalProperties: true }],
  ['google.protobuf.Value', { description: 'Any JSON value.' }],
  ['google.protobuf.ListValue', { type: 'array', description: 'Any JSON array.', items: {} }],
  ['google.protobuf.Empty', { type: 'object', description: 'An object without properties.' }],
]);

/** Raw bytes with a content type. */
export const HTTP_BODY = 'google.api.HttpBody';

/** The enum whose only value prints as null. */
export const NULL_VALUE = 'google.protobuf.NullValue';
