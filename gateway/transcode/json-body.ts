import type { Binding } from '../../annotations/binding.js';
import type { Codec, ParseOptions, Parser } from '../../proto/json/codec.js';
import { formOf } from '../../proto/json/form.js';
import { bodyType, isEmptyString } from './content.js';
import { maskedTypes } from './masked-types.js';

/** What a method's policy says of JSON bodies. */
export interface JsonBodyOptions extends ParseOptions {
  /** A body of `""` is no message (default), or an empty one. */
  readonly emptyString?: 'error' | 'message';
}

const EMPTY_OBJECT = new TextEncoder().encode('{}');

/** Compiles the parser of a binding's JSON bodies; undefined if it has none. */
export function compileJsonBody(binding: Binding, codec: Codec, { unknown, masks, emptyString }: JsonBodyOptions): Parser | undefined {
  const { body, method } = binding;
  if (body === 'none') return undefined;
  const at = body === '*' ? [] : body;
  // Without the option the parser shares its plans with those of path and query.
  const parse =
    masks === 'either'
      ? codec.parser(method.input, at, { unknown, masks }, maskedTypes(binding))
      : codec.parser(method.input, at, { unknown });
  const type = bodyType(binding);
  if (emptyString !== 'message' || type === undefined || formOf(type) !== 'message') return parse;
  return (json, out, request) => parse(isEmptyString(json) ? EMPTY_OBJECT : json, out, request);
}
