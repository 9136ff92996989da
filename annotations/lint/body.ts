import type { Binding } from '../binding.js';

/** A body on DELETE: it has no defined meaning (RFC 9110, section 9.3.5), and some clients, proxies and caches drop it or refuse the request. */
export function deleteBody({ httpMethod, body }: Binding): string | undefined {
  return httpMethod === 'DELETE' && body !== 'none'
    ? 'has a body, which DELETE should not have: clients and proxies may drop it'
    : undefined;
}

/**
 * A message of which the path sets a part, and the body the rest among everything else: clients send the whole message, and then what they send
 * must agree with the path.
 *
 *     PATCH /v1/{book.name=books/*}   body: "*"      instead of  body: "book"
 */
export function splitMessage({ captures, body }: Binding): string | undefined {
  if (body !== '*') return undefined;
  const [first, second] = captures.find(({ chain }) => chain.length > 1)?.chain ?? [];
  if (first === undefined || second === undefined) return undefined;
  return `the path sets "${first.protoName}.${second.protoName}", and the body "*" has "${first.protoName}", too: name the body "${first.protoName}"`;
}

const FIELD_MASK = 'google.protobuf.FieldMask';

/** A PATCH without a FieldMask: the server cannot tell fields that are to be cleared from those that are to stay (AIP-134). */
export function patchMask({ httpMethod, method }: Binding): string | undefined {
  if (httpMethod !== 'PATCH' || method.clientStream) return undefined;
  const hasMask = method.input.fields.some((field) => field.kind === 'message' && field.type.name === FIELD_MASK);
  return hasMask ? undefined : `${method.input.name} has no ${FIELD_MASK}, so that nothing says which fields to update`;
}
