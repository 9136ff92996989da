import type { Binding } from '../annotations/binding.js';
import type { MessageType } from '../proto/schema.js';
import { type Example, ExampleWriter } from './examples.js';
import type { Content, Reference, ResponseObject, SchemaObject } from './openapi.js';
import type { Schemas } from './schemas.js';
import { HTTP_BODY } from './well-known.js';

/** Form of error bodies: `google.rpc.Status` itself, or inside of `error` as Google's own APIs write it (https://google.aip.dev/193). */
export type ErrorForm = 'status' | 'google';

/** How the answer of a server stream is written. */
export interface StreamForm {
  /** Items stand in `{"result":...}` where they could be taken for an error, or everywhere. */
  readonly envelope: 'auto' | 'always';
  /** What it is when nobody asks for a form: NDJSON, a JSON array, or lines under the name of JSON. */
  readonly form: 'lines' | 'array' | 'json-lines';
}

/** The answer to a good request, and `default` for every error. */
export function responses(
  binding: Binding,
  schemas: Schemas,
  errors: ErrorForm,
  stream: StreamForm,
): Record<string, ResponseObject | Reference> {
  return { '200': okResponse(binding, schemas, stream), default: { $ref: `#/components/responses/${errorNames[errors]}` } };
}

/** The components that `responses` refers to, for the forms of errors that were used. */
export function errorResponses(schemas: Schemas, forms: ReadonlySet<ErrorForm>): Record<string, ResponseObject> {
  const used = (['status', 'google'] as const).filter((form) => forms.has(form));
  const response = (form: ErrorForm) => ({
    description: 'Any error.',
    content: jsonContent(errorSchema(schemas, form), errorExamples[form]),
  });
  return Object.fromEntries(used.map((form) => [errorNames[form], response(form)]));
}

const errorNames: Readonly<Record<ErrorForm, string>> = { status: 'Error', google: 'GoogleError' };

function okResponse(binding: Binding, schemas: Schemas, stream: StreamForm): ResponseObject {
  const { method } = binding;
  const field = binding.response.at(-1);
  const type = field === undefined ? method.output : field.kind === 'message' && !field.repeated ? field.type : undefined;
  if (type?.name === HTTP_BODY) return { description: 'Bytes, of the type that the answer names.', content: binaryContent(schemas) };
  const schema = field === undefined ? schemas.message(method.output) : schemas.whole(field);
  const writer = new ExampleWriter(schemas.style, 'reply');
  const example = field === undefined ? writer.message(method.output) : writer.whole(field);
  if (!method.serverStream) return { description: 'OK', content: jsonContent(schema, example) };
  return streamResponse(type, schema, example, schemas, stream);
}

function streamResponse(
  type: MessageType | undefined,
  item: SchemaObject,
  example: Example,
  schemas: Schemas,
  { envelope, form }: StreamForm,
): ResponseObject {
  // An item with a field of that name could be taken for the last line of a failed stream.
  const inEnvelope = envelope === 'always' || type?.field('error') !== undefined;
  const wrapped = () => ({
    schema: { type: 'object' as const, properties: { result: item, error: statusSchema(schemas) } },
    example: { result: example },
  });
  const bare = { schema: item, example };
  const part = inEnvelope ? wrapped() : bare;
  const holds = inEnvelope ? ', which holds an item as `result`' : '';
  // An event has a name, so that none of them could be taken for an error.
  const events = { 'text/event-stream': envelope === 'always' ? part : bare };
  const asEvents =
    ' Asked for as `text/event-stream` it is server-sent events; the schema is that of their `data`. The last one is `event: end`, or `event: error` with the status.';
  if (form === 'array') {
    return {
      description: `A stream as a JSON array, an element an item${holds}. A stream that fails after its beginning ends with an element \`{"error": ...}\` that holds the status.${asEvents}`,
      content: { ...jsonContent({ type: 'array', items: part.schema }, [part.example]), ...events },
    };
  }
  return {
    description: `A stream of JSON values, one a line; the schema is that of one line${holds}. A stream that fails after its beginning ends with a line \`{"error": ...}\` that holds the status.${asEvents}`,
    content: { [form === 'lines' ? 'application/x-ndjson' : 'application/json']: part, ...events },
  };
}

const errorExamples: Readonly<Record<ErrorForm, Example>> = {
  status: { code: 5, message: 'not found', details: [] },
  google: { error: { code: 404, message: 'not found', status: 'NOT_FOUND', details: [] } },
};

/** JSON, with a value that fits. */
export function jsonContent(schema: SchemaObject, example: Example): Content {
  return { 'application/json': { schema, example } };
}

/** Content of any type, for `google.api.HttpBody`. */
export function binaryContent(schemas: Schemas): Content {
  return { '*/*': { schema: schemas.style.dialect.binary } };
}

function errorSchema(schemas: Schemas, errors: ErrorForm): SchemaObject {
  if (errors === 'status') return statusSchema(schemas);
  return schemas.builtIn('google.rpc.ErrorBody', () => ({
    type: 'object',
    description: 'An error, as https://google.aip.dev/193 writes it over HTTP.',
    properties: {
      error: {
        type: 'object',
        properties: {
          code: { type: 'integer', format: 'int32', description: 'The HTTP status.' },
          message: { type: 'string', description: 'For developers, in English.' },
          status: { type: 'string', description: 'Name of the google.rpc.Code: `NOT_FOUND`.' },
          details: detailsSchema(schemas),
        },
      },
    },
  }));
}

function statusSchema(schemas: Schemas): SchemaObject {
  return schemas.builtIn('google.rpc.Status', () => ({
    type: 'object',
    description: 'How a call failed.',
    properties: {
      code: { type: 'integer', format: 'int32', description: 'The google.rpc.Code: 5 is NOT_FOUND.' },
      message: { type: 'string', description: 'For developers, in English.' },
      details: detailsSchema(schemas),
    },
  }));
}

function detailsSchema(schemas: Schemas): SchemaObject {
  return { type: 'array', items: schemas.builtIn('google.protobuf.Any', () => ({})) };
}
