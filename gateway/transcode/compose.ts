import type { Binding } from '../../annotations/binding.js';
import { patchMaskField } from '../../annotations/patch-mask.js';
import type { Bound, Codec, ContentWriter, ScalarWriter, Sink } from '../../proto/json/codec.js';
import { JsonError } from '../../proto/json/codec.js';
import type { FieldChain, FieldType } from '../../proto/schema.js';
import { WireWriter } from '../../proto/wire/writer.js';
import { compileComplete } from './complete.js';
import { compileBody } from './compose-content.js';
import { type Content, isEmptyJson } from './content.js';
import type { Draft, QueryLists } from './field-binder.js';
import { joinMessages, sharesMessage } from './join-messages.js';
import { compileJsonBody, type JsonBodyOptions } from './json-body.js';
import { compilePathList } from './path-list.js';
import { compileQuery } from './query.js';
import { Settings } from './settings.js';

/** What a method's policy says of its requests. */
export interface ComposeOptions extends JsonBodyOptions {
  /** A query or body that contradicts the path is refused, or the path wins. */
  readonly pathConflict: 'error' | 'override';
  readonly queryLists: QueryLists;
  /** Derive an unset FieldMask of a PATCH from the keys of its body. */
  readonly patchMask: boolean;
}

/**
 * Makes request messages of a binding, as wire bytes. Throws {@link JsonError}.
 *
 * `captures`: decoded values of the path's variables, in the order of `binding.captures`; `query`: query string without `?`, still encoded, '' if there
 * is none.
 */
export interface Composer {
  /** @param body JSON text, or what else the media type says; undefined or empty = no body */
  compose(captures: readonly string[], query: string, body: Uint8Array | Content | undefined): Uint8Array;
  /** For a stream of messages, of which each has what path and query say; throws at once for what is wrong with these. */
  composeEach(captures: readonly string[], query: string): ItemComposer;
}

/** Makes one message of a stream: of JSON text, or what else the media type says; undefined = of path and query alone. Throws {@link JsonError}. */
export type ItemComposer = (item: Uint8Array | Content | undefined) => Uint8Array;

/**
 * Compiles a binding's composer. What the path says is authoritative; wire order does it: body first, query next, path last.
 *
 *     PATCH /v1/{book.name=shelves/*}   body: "book"
 *     PATCH /v1/shelves/1?validate_only=true  {"title":"t"}
 *     -> validate_only: true  book { title: "t"  name: "shelves/1" }  update_mask { paths: "title" }
 *
 * `sink` is shared by all composers and printers of a thread: each leaves it empty.
 */
export function compileComposer(binding: Binding, codec: Codec, sink: Sink, options: ComposeOptions): Composer {
  const { body: rule } = binding;
  const writers = binding.captures.map(({ chain }) => compileVariable(chain, codec));
  const parseBody = compileJsonBody(binding, codec, options);
  const binder = { unknown: options.unknown, conflict: options.pathConflict, lists: options.queryLists };
  const query = compileQuery(binding, codec, binder);
  const writeContent = compileBody(binding, codec, binder);
  const maskField = options.patchMask ? patchMaskField(binding) : undefined;
  const complete = compileComplete(binding, codec);
  const { input } = binding.method;
  const chains = binding.captures.map(({ chain }) => chain);
  const pathNests = chains.some((chain) => chain.length > 1);
  const pathShares = sharesMessage(chains);
  const isInPieces = (queryText: string, body: Uint8Array | Content | undefined) =>
    pathNests || /[.%]/.test(queryText) || (body !== undefined && !(body instanceof Uint8Array));
  const writeMask = maskField === undefined ? undefined : codec.content([maskField]);

  return {
    compose(captures, queryText, body) {
      try {
        if (queryText !== '' || (body !== undefined && !isEmpty(body)))
          return write(bindCaptures(binding, writers, captures, sink), queryText, body);
        writeCaptures(binding, writers, captures, sink);
        const wire = sink.take();
        return complete(pathShares ? joinMessages(input, wire) : wire, undefined);
      } catch (e) {
        sink.reset();
        throw e;
      }
    },
    composeEach(captures, queryText) {
      const bound = bindUrl(captures, queryText);
      const context = { bound, conflict: options.pathConflict, mask: undefined };
      const isPlain = queryText === '' && maskField === undefined;
      return function composeItem(item) {
        try {
          if (!isPlain || parseBody === undefined || !(item instanceof Uint8Array)) return write(bound, queryText, item);
          parseBody(item, sink, context);
          for (const { wire } of bound) sink.append(wire);
          const wire = sink.take();
          return complete(pathNests ? joinMessages(input, wire) : wire, item);
        } catch (e) {
          sink.reset();
          throw e;
        }
      };
    },
  };

  /** What the path says; throws also for what is wrong with the query alone. */
  function bindUrl(captures: readonly string[], queryText: string): readonly Bound[] {
    try {
      const bound = bindCaptures(binding, writers, captures, sink);
      if (queryText !== '') query.bindPairs(queryText, { bound, set: new Settings(), mask: undefined, out: sink });
      return bound;
    } finally {
      sink.reset();
    }
  }

  function write(bound: readonly Bound[], queryText: string, body: Uint8Array | Content | undefined): Uint8Array {
    const mask = maskField === undefined ? undefined : [];
    const draft: Draft = { bound, set: new Settings(), mask, out: sink };
    if (body !== undefined) writeBody(body, draft);
    if (queryText !== '') query.bindPairs(queryText, mask === undefined ? draft : { ...draft, mask: undefined });
    for (const { wire } of bound) sink.append(wire);
    if (mask !== undefined) deriveMask(mask, maskField, writeMask, draft.set.chains, bound, sink);
    const wire = sink.take();
    return complete(isInPieces(queryText, body) ? joinMessages(input, wire) : wire, body);
  }

  function writeBody(body: Uint8Array | Content, draft: Draft): void {
    if (!(body instanceof Uint8Array)) writeContent(body, draft);
    else if (body.length === 0) return;
    else if (parseBody !== undefined) parseBody(body, sink, { bound: draft.bound, conflict: options.pathConflict, mask: draft.mask });
    else if (!isEmptyJson(body)) throw new JsonError('', 'this method takes no request body');
    // The query must not set another member of the oneof.
    if (typeof rule !== 'string' && rule[0]?.oneof !== undefined && draft.set.chains.length === 0) {
      draft.set.add(rule.map((field) => field.protoName).join('.'), rule);
    }
  }
}

function compileVariable(chain: FieldChain, codec: Codec): ScalarWriter {
  const last = chain.at(-1);
  // A path that names no enum value is not one without it.
  return last?.repeated ? compilePathList(chain, last, codec) : codec.scalar(chain, { unknown: 'error' });
}

function isEmpty(body: Uint8Array | Content): boolean {
  return body instanceof Uint8Array && body.length === 0;
}

function writeCaptures(binding: Binding, writers: readonly ScalarWriter[], captures: readonly string[], sink: Sink): void {
  for (let i = 0; i < writers.length; i += 1) writeCapture(binding, writers, captures, i, sink);
}

function bindCaptures(binding: Binding, writers: readonly ScalarWriter[], captures: readonly string[], sink: Sink): Bound[] {
  return binding.captures.map(({ chain }, i) => {
    writeCapture(binding, writers, captures, i, sink);
    return { chain, wire: sink.take() };
  });
}

function writeCapture(binding: Binding, writers: readonly ScalarWriter[], captures: readonly string[], i: number, sink: Sink): void {
  try {
    writers[i]?.(captures[i] ?? '', sink);
  } catch (e) {
    throw e instanceof JsonError ? new JsonError(variableName(binding.captures[i]?.chain ?? []), e.reason) : e;
  }
}

/** The variable as the template names it. */
function variableName(chain: FieldChain): string {
  return chain.map((field) => field.protoName).join('.');
}

const PATHS = 1;

/** A google.protobuf.FieldMask in wire form. */
function fieldMask(paths: readonly string[]): Uint8Array {
  const wire = new WireWriter();
  for (const path of paths) wire.bytesField(PATHS, path);
  return wire.finish();
}

/** Sets the mask to the paths that the body names, unless the URL sets it; paths that the URL sets identify the resource and are left out. */
function deriveMask(
  paths: readonly string[],
  maskField: FieldType | undefined,
  writeMask: ContentWriter | undefined,
  set: readonly FieldChain[],
  bound: readonly Bound[],
  sink: Sink,
): void {
  if (set.some((chain) => chain[0] === maskField) || bound.some(({ chain }) => chain[0] === maskField)) return;
  const identifying = new Set(bound.map(({ chain }) => variableName(chain.slice(1))));
  const updated = [...new Set(paths)].filter((path) => !identifying.has(path));
  if (updated.length > 0) writeMask?.([fieldMask(updated)], sink);
}
