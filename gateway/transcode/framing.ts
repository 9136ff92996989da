import type { Binding } from '../../annotations/binding.js';
import type { FieldType, MessageType } from '../../proto/schema.js';

/** How the items of a server stream stand in the body of its answer. */
export interface Framing {
  /** @param first nothing of the body was written before */
  item(json: Uint8Array, first: boolean): Uint8Array;
  /** The stream is complete; '' = nothing more to say. */
  end(first: boolean): string;
  /**
   * The stream ends with an error after its headers have left; `error` is a JSON object. undefined: there is no place for it, and the body must be
   * cut, so that it cannot be taken for a complete one.
   */
  error(error: string, first: boolean): string | undefined;
}

const encoder = new TextEncoder();

/**
 * One JSON value a line, https://github.com/ndjson/ndjson-spec. A cut stream ends without a line `{"error":...}` and without the end of the chunked
 * body, so a client can tell it from a complete one.
 *
 * @param envelope items stand in `{"result":...}`: needed where an item may itself have a member `error`
 */
export function jsonLines(envelope: boolean): Framing {
  const before = encoder.encode(envelope ? '{"result":' : '');
  const after = encoder.encode(envelope ? '}\n' : '\n');
  return {
    item: (json) => between(before, json, after),
    end: () => '',
    error: (error) => `{"error":${error}}\n`,
  };
}

/** A JSON array, an item a line; an error is its last element. A stream that is cut is no JSON. */
export function jsonArray(envelope: boolean): Framing {
  const [firstBefore, before] = ['[', ',\n'].map((text) => encoder.encode(envelope ? `${text}{"result":` : text));
  const after = encoder.encode(envelope ? '}' : '');
  return {
    item: (json, first) => between(first ? firstBefore : before, json, after),
    end: (first) => (first ? '[]' : ']'),
    error: (error, first) => `${first ? '[' : ',\n'}{"error":${error}}]`,
  };
}

/** Bytes as they come, without anything between them. */
export const rawBytes: Framing = {
  item: (bytes) => bytes,
  end: () => '',
  error: () => undefined,
};

function between(before: Uint8Array | undefined, json: Uint8Array, after: Uint8Array): Uint8Array {
  const start = before?.length ?? 0;
  const framed = new Uint8Array(start + json.length + after.length);
  if (before !== undefined) framed.set(before);
  framed.set(json, start);
  framed.set(after, start + json.length);
  return framed;
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
