import type { Binding } from '../../annotations/binding.js';
import type { Codec, ContentWriter, Copier } from '../../proto/json/codec.js';
import { bindParts } from './bind-parts.js';
import type { Content } from './content.js';
import type { BinderOptions, Draft, FieldBinder } from './field-binder.js';
import { compileForm, decodeForm } from './form.js';
import { httpBody } from './http-body.js';

/** Writes what a body that is not JSON sets. Throws {@link JsonError}. */
export type ContentComposer = (content: Content, draft: Draft) => void;

/** Compiles what a binding makes of bodies that are not JSON; each kind when the first of it comes, since most routes never see one. */
export function compileBody(
  binding: Binding,
  codec: Codec,
  options: Pick<BinderOptions, 'unknown' | 'conflict' | 'lists'>,
): ContentComposer {
  const at = typeof binding.body === 'string' ? [] : binding.body;
  let form: FieldBinder | undefined;
  let copy: Copier | undefined;
  let writeRaw: ContentWriter | undefined;
  return function writeContent(content, draft) {
    switch (content.kind) {
      case 'form':
        form ??= compileForm(binding, codec, options);
        form.bindPairs(decodeForm(content.bytes), draft);
        return;
      case 'parts':
        form ??= compileForm(binding, codec, options);
        bindParts(form, content.parts, draft);
        return;
      case 'message':
        copy ??= codec.copier(binding.method.input, at);
        copy(content.bytes, draft.out, { bound: draft.bound, conflict: options.conflict });
        return;
      case 'raw':
        writeRaw ??= codec.content(at);
        writeRaw(httpBody(content.type, [content.bytes]), draft.out);
    }
  };
}
