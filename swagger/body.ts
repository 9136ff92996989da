import type { Binding } from '../annotations/binding.js';
import type { FieldChain, FieldType, MessageType } from '../proto/schema.js';
import { fieldUse } from './behavior.js';
import { joinParagraphs, parseComment } from './comments.js';
import type { RequestBodyObject, SchemaObject } from './openapi.js';
import { binaryContent } from './responses.js';
import type { Schemas } from './schemas.js';
import { HTTP_BODY } from './well-known.js';

/** What a binding reads from the body; undefined if nothing. */
export function requestBody(binding: Binding, schemas: Schemas): RequestBodyObject | undefined {
  if (binding.body === 'none') return undefined;
  const chain = binding.body === '*' ? [] : binding.body;
  const field = chain.at(-1);
  const type = field === undefined ? binding.method.input : field.kind === 'message' && !field.repeated ? field.type : undefined;
  const description = field === undefined ? undefined : joinParagraphs(parseComment(field.comment));
  if (type?.name === HTTP_BODY) return { description, required: true, content: binaryContent(schemas) };
  const schema = bodySchema(binding, chain, type, field, schemas);
  const isEmpty = schema.properties !== undefined && Object.keys(schema.properties).length === 0;
  return { description, ...(isEmpty ? {} : { required: true }), content: { 'application/json': { schema } } };
}

function bodySchema(
  binding: Binding,
  chain: FieldChain,
  type: MessageType | undefined,
  field: FieldType | undefined,
  schemas: Schemas,
): SchemaObject {
  if (type === undefined) return field === undefined ? {} : schemas.whole(field);
  const inPath = binding.captures
    .map((capture) => capture.chain)
    .filter((captured) => chain.every((one, i) => captured[i] === one))
    .map((captured) => captured.slice(chain.length))
    .filter((captured) => captured.length > 0);
  // A resource that is sent whole (`body: "book"`) keeps its name as a type, unless the caller would have to say again what the path says.
  const mustRepeat = inPath.some((captured) => captured.every((one) => fieldUse(one).required));
  return inPath.length === 0 || (chain.length > 0 && !mustRepeat) ? schemas.message(type) : schemas.messageWithout(type, inPath);
}
