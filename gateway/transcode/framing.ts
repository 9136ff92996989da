import type { Binding } from '../../annotations/binding.js';
import type { FieldType, MessageType } from '../../proto/schema.js';

/** How the items of a server stream stand in the body of its answer. */
export interface Framing {
  /** What the body begins with; empty = nothing before the first item or the end. */
  readonly opening: Uint8Array;
  /**
   * What stands before an item.
   *
   * @param items how many there were before
   */
  before(items: number): Uint8Array;
  /** What stands behind an item. */
  readonly after: Uint8Array;
  /** The stream is complete; '' = nothing more to say. */
  end(items: number): string;
  /**
   * The stream ends with an error after its headers have left; `error` is a JSON object. undefined: there is no place for it, and the body must be
   * cut, so that it cannot be taken for a complete one.
   */
  error(error: string, items: number): string | undefined;
  /** What says between items that the stream lives; undefined: nothing can. */
  readonly heartbeat: Uint8Array | undefined;
}

const encoder = new TextEncoder();
const nothing = new Uint8Array(0);
const silent = { opening: nothing, heartbeat: undefined };

/**
 * One JSON value a line, https://github.com/ndjson/ndjson-spec. A cut stream ends without a line `{"error":...}` and without the end of the chunked
 * body, so a client can tell it from a complete one.
 *
 * @param envelope items stand in `{"result":...}`: needed where an item may itself have a member `error`
 */
export function jsonLines(envelope: boolean): Framing {
  const before = encoder.encode(envelope ? '{"result":' : '');
  return {
    ...silent,
    before: () => before,
    after: encoder.encode(envelope ? '}\n' : '\n'),
    end: () => '',
    error: (error) => `{"error":${error}}\n`,
  };
}

/** A JSON array, an item a line; an error is its last element. A stream that is cut is no JSON. */
export function jsonArray(envelope: boolean): Framing {
  const [opening, between] = ['[', ',\n'].map((text) => encoder.encode(envelope ? `${text}{"result":` : text)) as [Uint8Array, Uint8Array];
  return {
    ...silent,
    before: (items) => (items === 0 ? opening : between),
    after: encoder.encode(envelope ? '}' : ''),
    end: (items) => (items === 0 ? '[]' : ']'),
    error: (error, items) => `${items === 0 ? '[' : ',\n'}{"error":${error}}]`,
  };
}

/** Bytes as they come, without anything between them. */
export const rawBytes: Framing = {
  ...silent,
  before: () => nothing,
  after: nothing,
  end: () => '',
  error: () => undefined,
};

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
