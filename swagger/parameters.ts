import type { Binding } from '../annotations/binding.js';
import { joinParagraphs } from './comments.js';
import { chainName } from './naming.js';
import type { ParameterObject, SchemaObject } from './openapi.js';
import { type DocumentPath, type PathParameter, printCapture } from './paths.js';
import type { Schemas } from './schemas.js';
import { describeText, isDeprecated, textForm } from './text-form.js';

/** The parameters in the path: one for each wildcard. */
export function pathParameters(binding: Binding, path: DocumentPath, schemas: Schemas): ParameterObject[] {
  return path.parameters.map((parameter) => ({
    name: parameter.name,
    in: 'path',
    description: pathDescription(binding, parameter, path, schemas),
    required: true,
    ...(isDeprecated(parameter.capture?.chain ?? []) ? { deprecated: true } : {}),
    ...(parameter.multi ? { 'x-multi-segment': true } : {}),
    schema: pathSchema(parameter, schemas),
  }));
}

function pathSchema({ capture, multi }: PathParameter, schemas: Schemas): SchemaObject {
  if (multi) return { type: 'string' };
  const field = capture?.chain.at(-1);
  if (capture === undefined || field === undefined || capture.end - capture.start > 1) return { type: 'string', pattern: '^[^/]+$' };
  const { schema } = textForm(field, schemas);
  // Between commas, which is what the style of paths is by default.
  if (field.repeated) return { type: 'array', items: schema };
  return field.kind === 'string' && schema.format === undefined ? { ...schema, minLength: 1 } : schema;
}

function pathDescription(binding: Binding, { capture, multi }: PathParameter, path: DocumentPath, schemas: Schemas): string | undefined {
  const field = capture?.chain.at(-1);
  const isPart = capture !== undefined && capture.end - capture.start > 1;
  return joinParagraphs(
    field === undefined ? undefined : describeText(field, isPart || multi ? undefined : textForm(field, schemas), schemas),
    isPart
      ? `Part of \`${chainName(capture.chain, schemas.style.protoNames)}\`: \`${printCapture(binding, capture, path.parameters)}\`.`
      : undefined,
    multi ? 'May hold several segments: their slashes are sent as they are, not percent-encoded. May be empty.' : undefined,
  );
}
