import type { Binding } from '../../annotations/binding.js';
import type { FieldType, MessageType } from '../../proto/schema.js';

/** How the items of a server stream stand in the body of its answer. */
export interface Framing {
  readonly contentType: string;
  item(json: Uint8Array): Uint8Array;
  /** The stream ends with an error after its headers have left; `error` is a JSON object. */
  error(error: string): Uint8Array;
}

const encoder = new TextEncoder();

/**
 * One JSON value a line, https://github.com/ndjson/ndjson-spec. A cut stream ends without a line `{"error":...}` and without the end of the chunked
 * body, so a client can tell it from a complete one.
 *
 * @param envelope items stand in `{"result":...}`: needed where an item may itself have a member `error`
 */
export function ndjson(envelope: boolean): Framing {
  const before = encoder.encode(envelope ? '{"result":' : '');
  const after = encoder.encode(envelope ? '}\n' : '\n');
  return {
    contentType: 'application/x-ndjson',
    item(json) {
      const line = new Uint8Array(before.length + json.length + after.length);
      line.set(before);
      line.set(json, before.length);
      line.set(after, before.length + json.length);
      return line;
    },
    error: (error) => encoder.encode(`{"error":${error}}\n`),
  };
}

/** Types whose JSON may be an object with any member. */
const openTypes: ReadonlySet<string> = new Set(['google.protobuf.Struct', 'google.protobuf.Value', 'google.protobuf.Any']);

/** Whether an item of the binding's stream may be an object with a member `error`, so that it could be taken for the stream's own error. */
export function needsEnvelope({ method, response }: Binding): boolean {
  const field: FieldType | undefined = response.at(-1);
  if (field === undefined) return hasError(method.output);
  if (field.kind === 'map') return true;
  return field.kind === 'message' && !field.repeated && hasError(field.type);
}

function hasError(type: MessageType): boolean {
  return openTypes.has(type.name) || type.field('error') !== undefined;
}
