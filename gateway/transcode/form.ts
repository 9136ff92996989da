import type { Binding } from '../../annotations/binding.js';
import { type Codec, JsonError } from '../../proto/json/codec.js';
import { type BinderOptions, FieldBinder } from './field-binder.js';
import { maskedTypes } from './masked-types.js';

/**
 * Compiles the form fields of a binding, whose keys name fields of the message that the body sets; without a body those of the whole request.
 *
 *     PATCH /v1/{book.name=shelves/*}   body: "book"
 *     title=A&authors=x&authors=y  ->  book { title: "A" authors: ["x", "y"] }
 */
export function compileForm(binding: Binding, codec: Codec, options: Pick<BinderOptions, 'unknown' | 'conflict' | 'lists'>): FieldBinder {
  const at = typeof binding.body === 'string' ? [] : binding.body;
  return new FieldBinder(binding.method.input, at, codec, {
    ...options,
    noun: 'form field',
    masked: maskedTypes(binding),
    refuse: () => undefined,
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a form; throws {@link JsonError}. */
export function decodeForm(bytes: Uint8Array): string {
  const text = decode(bytes);
  if (text === undefined) throw new JsonError('', 'the form is not UTF-8');
  if (text.startsWith('\ufeff')) throw new JsonError('', 'the form begins with a byte order mark, which must be left out');
  return text;
}

/** The text of a part of a form; throws {@link JsonError} naming the part. */
export function decodePart(bytes: Uint8Array, part: string): string {
  const text = decode(bytes);
  if (text === undefined) throw new JsonError(part, 'is not UTF-8');
  return text;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
