import type { Binding } from '../annotations/binding.js';
import { openToAll, type Visibility } from '../annotations/visibility.js';
import type { Problem } from '../proto/problem.js';
import type { Schema, ServiceType } from '../proto/schema.js';
import { joinParagraphs, parseComment } from './comments.js';
import { dialects, type OpenApiVersion } from './dialect.js';
import { nameOperations, nameServices } from './naming.js';
import type { InfoObject, OpenApiDocument, OperationObject, PathItem, ServerObject, TagObject } from './openapi.js';
import { operationMethods } from './openapi.js';
import { operation } from './operation.js';
import { type ErrorForm, errorResponses, type StreamForm } from './responses.js';
import { Schemas } from './schemas.js';
import { placeBindings, type Slot } from './slots.js';
import type { EnumForm, Int64Form } from './well-known.js';

export type { EnumForm, ErrorForm, InfoObject, Int64Form, OpenApiVersion, ServerObject, StreamForm };

/** What a document is made from: the bindings that serve, and how they serve. */
export interface DocumentInput {
  readonly schema: Schema;
  readonly bindings: readonly Binding[];
  readonly info: InfoObject;
  /** How replies are printed. */
  readonly print: { readonly protoNames: boolean; readonly int64: Int64Form; readonly enums?: EnumForm; readonly nulls?: boolean };
  /** Form of the error bodies of a binding. Default `status` for all. */
  readonly errors?: (binding: Binding) => ErrorForm;
  /** How the streams of a binding are written. Default: as NDJSON, in an envelope where they must be. */
  readonly streams?: (binding: Binding) => StreamForm;
  /** Whether an unset FieldMask of a PATCH is made from the keys of its body. Default true. */
  readonly patchMask?: boolean;
  /** Default 3.1. */
  readonly version?: OpenApiVersion;
  /** Default: none, which means the root of where the document is. */
  readonly servers?: readonly ServerObject[];
  /** Which methods, fields and enum values its readers may see. Default: all. */
  readonly visibility?: Visibility;
  /** Which bindings appear. Default: all. */
  readonly include?: (binding: Binding) => boolean;
}

/** A document and what it could not say. */
export interface Document {
  /** JSON text, indented by two spaces, in UTF-8. */
  readonly bytes: Uint8Array;
  /** Bindings that OpenAPI has no place for. */
  readonly warnings: readonly Problem[];
}

/**
 * Writes the OpenAPI document (https://spec.openapis.org/oas/v3.1.0) of the bindings. Pure; equal input gives equal bytes, whatever the order of
 * files and bindings.
 */
export function createDocument(input: DocumentInput): Document {
  const dialect = dialects[input.version ?? '3.1'];
  const include = input.include ?? (() => true);
  const visibility = input.visibility ?? openToAll;
  const bindings = input.bindings.filter((binding) => include(binding) && visibility.method(binding.method)).sort(compareBindings);
  const services = nameServices(bindings.map((binding) => binding.method.service));
  const schemas = new Schemas(input.schema, { dialect, enums: 'name', nulls: false, visibility, ...input.print });
  const { slots, warnings } = placeBindings(bindings, input.schema, input.print.protoNames);
  const errorForm = input.errors ?? (() => 'status' as const);
  const operationIds = nameOperations(bindings, services);
  const paths = describePaths(slots, ({ binding, path, note }) => {
    const tag = services.get(binding.method.service) ?? binding.method.service.name;
    const id = operationIds.get(binding) ?? binding.method.name;
    const stream = input.streams?.(binding) ?? plainStream;
    return operation(binding, path, schemas, { tag, id, note, errors: errorForm(binding), stream, patchMask: input.patchMask ?? true });
  });
  const responses = errorResponses(schemas, new Set(slots.map(({ binding }) => errorForm(binding))));
  const document: OpenApiDocument = {
    openapi: dialect.openapi,
    info: input.info,
    servers: input.servers,
    tags: tags(services),
    paths,
    components: { responses, schemas: schemas.components() },
  };
  return { bytes: new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`), warnings };
}

const plainStream: StreamForm = { envelope: 'auto', form: 'lines' };

/** Paths in order of their first operation, and in each the methods in OpenAPI's order. */
function describePaths(slots: readonly Slot[], describe: (slot: Slot) => OperationObject): Record<string, PathItem> {
  const paths = new Map<string, PathItem>();
  for (const slot of slots) paths.set(slot.path.path, { ...paths.get(slot.path.path), [slot.method]: describe(slot) });
  const inOrder = (item: PathItem) =>
    Object.fromEntries(operationMethods.filter((method) => item[method] !== undefined).map((method) => [method, item[method]]));
  return Object.fromEntries([...paths].map(([path, item]) => [path, inOrder(item)]));
}

/** By service, then as declared. */
function compareBindings(a: Binding, b: Binding): number {
  const [one, other] = [a.method.service, b.method.service];
  if (one !== other) return one.name < other.name ? -1 : 1;
  const order = one.methods.indexOf(a.method) - one.methods.indexOf(b.method) || a.index - b.index;
  return order || (bindingKey(a) < bindingKey(b) ? -1 : 1);
}

function bindingKey(binding: Binding): string {
  return `${binding.origin} ${binding.httpMethod} ${binding.template.text}`;
}

function tags(services: ReadonlyMap<ServiceType, string>): TagObject[] {
  return [...services].map(([service, name]) => ({
    name,
    description: joinParagraphs(parseComment(service.comment), service.deprecated ? 'Deprecated.' : undefined),
  }));
}
