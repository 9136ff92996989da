import type { Binding } from '../../annotations/binding.js';
import type { Codec } from '../../proto/json/codec.js';
import type { FieldChain } from '../../proto/schema.js';
import { type BinderOptions, FieldBinder } from './field-binder.js';
import { maskedTypes } from './masked-types.js';

/**
 * Compiles the query parameters of a binding: every field that neither the path nor the body sets.
 *
 *     GET /v1/{name=shelves/*}/books?page_size=10&filter.tags=a&filter.tags=b&labels[k]=v
 *     -> page_size: 10, filter { tags: ["a", "b"] }, labels { "k": "v" }
 */
export function compileQuery(binding: Binding, codec: Codec, options: Pick<BinderOptions, 'unknown' | 'conflict' | 'lists'>): FieldBinder {
  const { body } = binding;
  const bodyField = typeof body === 'string' ? undefined : body[0];
  const refuse = (chain: FieldChain | undefined): string | undefined => {
    if (body === '*') return 'unknown query parameter: this method takes its fields from the body';
    return chain !== undefined && chain[0] === bodyField ? 'is taken from the body, not from the query' : undefined;
  };
  return new FieldBinder(binding.method.input, [], codec, { ...options, noun: 'query parameter', masked: maskedTypes(binding), refuse });
}
