import type { Binding } from '../../annotations/binding.js';
import { type Codec, JsonError } from '../../proto/json/codec.js';
import { fieldKey } from '../../proto/json/field-key.js';
import type { Content } from './content.js';

/** Returns the request as it came, or throws {@link JsonError} naming the first required field that nothing of the request has set. */
export type Completer = (wire: Uint8Array, body: Uint8Array | Content | undefined) => Uint8Array;

/**
 * Compiles the check that a whole request, of path, query and body, has the fields that proto2 and editions require: servers cannot read one without.
 * The path of one that is missing leads on from the body, as those of all other faults of a body do.
 *
 *     PUT /v1/{book.id}   body: "book"   {"authors":[{}]}   ->   `authors[0].name: is required`
 */
export function compileComplete({ body: rule, method }: Binding, codec: Codec): Completer {
  const check = codec.required(method.input);
  if (check === undefined) return (wire) => wire;
  const field = typeof rule === 'string' ? undefined : rule.at(-1);
  const within = { json: field && fieldKey(field, false), proto: field?.protoName };
  return (wire, body) => {
    const names = body !== undefined && 'kind' in body && body.kind === 'message' ? 'proto' : 'json';
    try {
      check(wire, names);
    } catch (e) {
      throw e instanceof JsonError && body !== undefined ? new JsonError(relative(e.path, within[names]), e.reason) : e;
    }
    return wire;
  };
}

function relative(path: string, field: string | undefined): string {
  if (field === undefined || !path.startsWith(field)) return path;
  const rest = path.slice(field.length);
  if (rest.startsWith('[')) return rest;
  return rest.startsWith('.') ? rest.slice(1) : path;
}
