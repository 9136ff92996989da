import { fieldUse } from '../annotations/behavior.js';
import type { Binding } from '../annotations/binding.js';
import type { FieldChain, FieldType, MessageType } from '../proto/schema.js';
import { joinParagraphs, parseComment } from './comments.js';
import { type Example, ExampleWriter } from './examples.js';
import type { Content, RequestBodyObject, SchemaObject } from './openapi.js';
import { binaryContent, jsonContent } from './responses.js';
import type { Schemas } from './schemas.js';
import { HTTP_BODY } from './well-known.js';

/** What a binding reads from the body; undefined if nothing. */
export function requestBody(binding: Binding, schemas: Schemas): RequestBodyObject | undefined {
  if (binding.body === 'none') return undefined;
  const chain = binding.body === '*' ? [] : binding.body;
  const field = chain.at(-1);
  const type = field === undefined ? binding.method.input : field.kind === 'message' && !field.repeated ? field.type : undefined;
  const description = field === undefined ? undefined : joinParagraphs(parseComment(field.comment));
  const { clientStream } = binding.method;
  if (type?.name === HTTP_BODY)
    return clientStream
      ? { description: joinParagraphs(description, BYTES_IN_PIECES), content: binaryContent(schemas) }
      : { description, required: true, content: binaryContent(schemas) };
  const inPath = captured(binding, chain);
  const schema = bodySchema(type, field, inPath, schemas);
  const writer = new ExampleWriter(schemas.style, 'request');
  const example = type === undefined && field !== undefined ? writer.whole(field) : writer.message(type ?? binding.method.input, inPath);
  if (clientStream) return { description: joinParagraphs(description, MANY_VALUES), content: streamContent(schema, example) };
  const isEmpty = schema.properties !== undefined && Object.keys(schema.properties).length === 0;
  return { description, ...(isEmpty ? {} : { required: true }), content: jsonContent(schema, example) };
}

const MANY_VALUES = 'A stream of JSON values, one a line, or the elements of an array: each is a message, sent on as it comes.';
const BYTES_IN_PIECES = 'Bytes of any type, sent on in pieces as they come.';

function streamContent(item: SchemaObject, example: Example): Content {
  return { 'application/x-ndjson': { schema: item, example }, ...jsonContent({ type: 'array', items: item }, [example]) };
}

/** What the path says of the body's message, from there on. */
function captured(binding: Binding, body: FieldChain): FieldChain[] {
  return binding.captures
    .map((capture) => capture.chain)
    .filter((chain) => chain.length > body.length && body.every((field, i) => chain[i] === field))
    .map((chain) => chain.slice(body.length));
}

function bodySchema(
  type: MessageType | undefined,
  field: FieldType | undefined,
  inPath: readonly FieldChain[],
  schemas: Schemas,
): SchemaObject {
  if (type === undefined) return field === undefined ? {} : schemas.whole(field);
  // A resource that is sent whole (`body: "book"`) keeps its name as a type, unless the caller would have to say again what the path says.
  const mustRepeat = inPath.some((chain) => chain.every((one) => fieldUse(one).required));
  return inPath.length === 0 || (field !== undefined && !mustRepeat) ? schemas.message(type) : schemas.messageWithout(type, inPath);
}
