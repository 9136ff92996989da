import type { Binding } from '../annotations/binding.js';
import { requestBody } from './body.js';
import { joinParagraphs, splitComment } from './comments.js';
import type { OperationObject } from './openapi.js';
import { pathParameters } from './parameters.js';
import type { DocumentPath } from './paths.js';
import { queryParameters } from './query.js';
import { type ErrorForm, responses, type StreamForm } from './responses.js';
import type { Schemas } from './schemas.js';

/** What an operation cannot know from its binding. */
export interface OperationContext {
  readonly tag: string;
  readonly id: string;
  /** To be said after the method's own comment. */
  readonly note: string | undefined;
  readonly errors: ErrorForm;
  readonly stream: StreamForm;
  /** Whether an unset FieldMask of a PATCH is made from the keys of its body. */
  readonly patchMask: boolean;
}

/** Describes one binding. */
export function operation(binding: Binding, path: DocumentPath, schemas: Schemas, context: OperationContext): OperationObject {
  const { summary, description } = splitComment(binding.method.comment);
  const parameters = [...pathParameters(binding, path, schemas), ...queryParameters(binding, schemas, context.patchMask)];
  return {
    tags: [context.tag],
    summary: summary === '' ? undefined : summary,
    description: joinParagraphs(description, context.note),
    operationId: context.id,
    parameters: parameters.length === 0 ? undefined : parameters,
    requestBody: requestBody(binding, schemas),
    responses: responses(binding, schemas, context.errors, context.stream),
    ...(binding.method.deprecated || binding.method.service.deprecated ? { deprecated: true } : {}),
  };
}
