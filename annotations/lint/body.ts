import { fieldUse } from '../behavior.js';
import type { Binding } from '../binding.js';

/** A body on DELETE: it has no defined meaning (RFC 9110, section 9.3.5), and some clients, proxies and caches drop it or refuse the request. */
export function deleteBody({ httpMethod, body }: Binding): string | undefined {
  return httpMethod === 'DELETE' && body !== 'none'
    ? 'has a body, which DELETE should not have: clients and proxies may drop it'
    : undefined;
}

/**
 * A message of which the path sets a part, and the body the rest among everything else, which is nothing: clients send the whole message inside of
 * another one, and then what they send must agree with the path. Where the body has other fields, too, no other body would hold them.
 *
 *     PATCH /v1/{book.name=books/*}   body: "*"      instead of  body: "book"
 */
export function splitMessage({ captures, body, method }: Binding): string | undefined {
  if (body !== '*') return undefined;
  const [first, second] = captures.find(({ chain }) => chain.length > 1)?.chain ?? [];
  if (first === undefined || second === undefined) return undefined;
  const said = new Set([first, ...captures.flatMap(({ chain }) => (chain.length === 1 ? chain : []))]);
  if (method.input.fields.some((field) => !said.has(field) && !fieldUse(field).outputOnly)) return undefined;
  return `the path sets "${first.protoName}.${second.protoName}", and the body "*" has "${first.protoName}", too: name the body "${first.protoName}"`;
}

const FIELD_MASK = 'google.protobuf.FieldMask';

/** A PATCH without a FieldMask: the server cannot tell fields that are to be cleared from those that are to stay (AIP-134). */
export function patchMask({ httpMethod, method }: Binding): string | undefined {
  if (httpMethod !== 'PATCH' || method.clientStream) return undefined;
  const hasMask = method.input.fields.some((field) => field.kind === 'message' && field.type.name === FIELD_MASK);
  return hasMask ? undefined : `${method.input.name} has no ${FIELD_MASK}, so that nothing says which fields to update`;
}
