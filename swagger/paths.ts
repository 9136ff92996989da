import type { Binding, Capture } from '../annotations/binding.js';
import { chainName, memberName, uniqueName } from './naming.js';

/** One wildcard of a template: a parameter of the document's path. */
export interface PathParameter {
  readonly name: string;
  /** The capture it belongs to; undefined for a wildcard that no variable captures. */
  readonly capture: Capture | undefined;
  /** `**`: any number of segments, slashes between them. */
  readonly multi: boolean;
}

/** A template as OpenAPI can say it. */
export interface DocumentPath {
  /** `/v1/shelves/{shelf}/books/{book}:publish` */
  readonly path: string;
  /** The path without names, `/v1/shelves/{}/books/{}:publish`: paths of one shape are one path to OpenAPI. */
  readonly shape: string;
  readonly parameters: readonly PathParameter[];
}

/**
 * Writes a template as a path with one parameter a wildcard, because clients percent-encode a slash in a parameter. A wildcard that is a whole
 * variable has the name of the field, one inside of a variable that of the literal before it, in the singular.
 *
 *     /v1/{name=shelves/&#42;/books/&#42;}:publish -> /v1/shelves/{shelf}/books/{book}:publish
 *
 * @param names given to the wildcards instead, in order: those of another template of the same shape
 */
export function expandTemplate(binding: Binding, protoNames: boolean, names?: readonly string[]): DocumentPath {
  const parameters: PathParameter[] = [];
  const taken = new Set<string>();
  const { segments, verb } = binding.template;
  segments.forEach((segment, at) => {
    if (segment.kind === 'literal') return;
    const capture = binding.captures.find(({ start, end }) => start <= at && at < end);
    const name = names?.[parameters.length] ?? uniqueName(wildcardName(binding, capture, at, protoNames), taken);
    taken.add(name);
    parameters.push({ name, capture, multi: segment.kind === 'multi' });
  });
  const print = (name: (index: number) => string) => {
    let index = 0;
    const parts = segments.map((segment) => (segment.kind === 'literal' ? segment.text : `{${name(index++)}}`));
    return `/${parts.join('/')}${verb === undefined ? '' : `:${verb}`}`;
  };
  return { path: print((index) => parameters[index]?.name ?? ''), shape: print(() => ''), parameters };
}

/** What a capture of several segments looks like, in the names of the parameters: `shelves/{shelf}/books/{book}`. */
export function printCapture(binding: Binding, capture: Capture, parameters: readonly PathParameter[]): string {
  const own = parameters.filter((parameter) => parameter.capture === capture);
  let index = 0;
  return binding.template.segments
    .slice(capture.start, capture.end)
    .map((segment) => (segment.kind === 'literal' ? segment.text : `{${own[index++]?.name ?? ''}}`))
    .join('/');
}

function wildcardName(binding: Binding, capture: Capture | undefined, at: number, protoNames: boolean): string {
  const before = binding.template.segments[at - 1];
  const collection = before?.kind === 'literal' && at - 1 >= (capture?.start ?? 0) ? before.text : undefined;
  const member = collection === undefined ? '' : memberName(collection, protoNames);
  if (member !== '') return member;
  return capture === undefined ? 'segment' : chainName(capture.chain, protoNames);
}
