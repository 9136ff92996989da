import type { Location, Schema } from '../proto/schema.js';
import type { Binding } from './binding.js';

/** What has a place. */
export type Located = Pick<Binding, 'method' | 'where'>;

/** What messages about a binding need of it. */
type Described = Located & Pick<Binding, 'httpMethod' | 'template'>;

/** Where the rule of a binding is written, or its method is; only the file if the source has no source info. */
export function placeOf(schema: Schema, { method, where }: Located): Location | { readonly file: string } {
  return where ?? schema.where(method.name) ?? { file: method.service.file };
}

/** A binding in a message about it: `GET "/v1/{id}"`. */
export function describe({ httpMethod, template }: Omit<Described, keyof Located>): string {
  return `${httpMethod} "${template.text}"`;
}

/** A binding in a message about another one: `GET "/v1/{id}" of a.S.Get (a.proto:7)`. */
export function describeWhole(schema: Schema, binding: Described): string {
  const place = placeOf(schema, binding);
  return `${describe(binding)} of ${binding.method.name} (${place.file}${'line' in place ? `:${place.line}` : ''})`;
}
