import type { Binding } from '../annotations/binding.js';
import type { Problem } from '../proto/problem.js';
import type { Schema } from '../proto/schema.js';
import { type OperationMethod, operationMethods } from './openapi.js';
import { type DocumentPath, expandTemplate } from './paths.js';

/** The place of a binding in the document. */
export interface Slot {
  readonly binding: Binding;
  readonly path: DocumentPath;
  readonly method: OperationMethod;
  /** What the place does not say. */
  readonly note: string | undefined;
}

/**
 * Finds each binding its path and method. To OpenAPI, paths that differ only in the names of parameters are one, and it has no parameter of
 * several segments: of bindings that come to the same place the one with fewer `**` has it, and the others are reported.
 *
 * @param bindings in the order of the document
 */
export function placeBindings(
  bindings: readonly Binding[],
  schema: Schema,
  protoNames: boolean,
): { readonly slots: readonly Slot[]; readonly warnings: readonly Problem[] } {
  const names = new Map<string, readonly string[]>();
  const places = new Map<string, Slot>();
  const warnings: Problem[] = [];
  const warn = (binding: Binding, reason: string) => warnings.push(problem(schema, binding, reason));
  for (const binding of [...bindings].sort((a, b) => rank(a) - rank(b))) {
    const own = expandTemplate(binding, protoNames);
    const path = expandTemplate(binding, protoNames, names.get(own.shape));
    const method = binding.httpMethod === '*' ? freeMethod(binding, own.shape, places) : documentMethod(binding.httpMethod);
    if (method === undefined) {
      warn(binding, `is left out of the OpenAPI document, which has no place for ${binding.httpMethod} ${binding.template.text}`);
      continue;
    }
    const holder = places.get(place(own.shape, method));
    if (holder !== undefined) {
      const { template } = holder.binding;
      warn(
        binding,
        `is left out of the OpenAPI document, where ${binding.httpMethod} ${binding.template.text} would be ${path.path}, which is already ${template.text} of ${holder.binding.method.name}`,
      );
      continue;
    }
    if (!names.has(own.shape))
      names.set(
        own.shape,
        path.parameters.map((parameter) => parameter.name),
      );
    const note = binding.httpMethod === '*' ? 'Answers every HTTP method for which no other operation is listed here.' : undefined;
    places.set(place(own.shape, method), { binding, path, method, note });
  }
  const order = new Map(bindings.map((binding, i) => [binding, i]));
  const slots = [...places.values()].sort((a, b) => (order.get(a.binding) ?? 0) - (order.get(b.binding) ?? 0));
  return { slots, warnings };
}

/** Those with definite segments and a definite method first. */
function rank(binding: Binding): number {
  return (binding.httpMethod === '*' ? 1000 : 0) + binding.template.segments.filter((segment) => segment.kind === 'multi').length;
}

function place(shape: string, method: OperationMethod): string {
  return `${method} ${shape}`;
}

function documentMethod(httpMethod: string): OperationMethod | undefined {
  return operationMethods.find((method) => method.toUpperCase() === httpMethod);
}

/** Where a binding of every HTTP method is shown: under one that it answers. */
function freeMethod(binding: Binding, shape: string, places: ReadonlyMap<string, Slot>): OperationMethod | undefined {
  const preferred: readonly OperationMethod[] =
    binding.body === 'none' ? ['get', 'post', 'put', 'patch', 'delete'] : ['post', 'put', 'patch', 'delete'];
  return preferred.find((method) => !places.has(place(shape, method)));
}

function problem(schema: Schema, binding: Binding, reason: string): Problem {
  const { name } = binding.method;
  return { severity: 'warning', ...schema.where(name), subject: name, reason };
}
