import type { FieldChain, MessageType, Schema } from '../../schema.js';
import { Arena, SinkFull } from '../arena.js';
import { BEGIN_OBJECT } from '../ascii.js';
import { type EntryWriter, JsonError, type ParseContext, type ParseOptions, type Parser, type ScalarWriter, type Sink } from '../codec.js';
import { encodeText } from '../encode-text.js';
import { boundTree } from './bound-tree.js';
import { ParseCompiler } from './compile.js';
import { closeEnclosing, openEnclosing } from './enclosing.js';
import { collectPaths } from './mask.js';
import { interpreter } from './members.js';
import { Parsing } from './parsing.js';
import type { ParseField, ParsePlan } from './plan.js';
import { skipSpace } from './syntax.js';
import { endOfText, writeTextField } from './text-writer.js';
import { beginLength, endLength, writeVarint32 } from './write.js';

/** Compiles parsers and text writers that share plans and state, for one set of options. */
export class ParserFactory {
  readonly #compiler: ParseCompiler;
  readonly #parsing: Parsing;

  constructor(schema: Schema, options: ParseOptions) {
    this.#compiler = new ParseCompiler(schema, options);
    this.#parsing = new Parsing(interpreter, options.unknown === 'ignore', options.masks === 'either', (name) => {
      const type = schema.message(name);
      return type === undefined ? undefined : this.#compiler.plan(type);
    });
  }

  parser(type: MessageType, at: FieldChain, masked: readonly MessageType[] = []): Parser {
    const p = this.#parsing;
    const plans = masked.map((type) => this.#compiler.plan(type));
    const plan = this.#compiler.plan(type);
    const steps = at.map((f) => this.#compiler.step(f));
    const field = steps.pop();
    const root = field ?? plan;
    return (json, out, request) => {
      const arena = arenaOf(out);
      const start = arena.length;
      try {
        p.begin(json, arena, root, request.conflict);
        p.masked = plans;
        endOfText(p, field === undefined ? parseWhole(p, plan, request) : parseAt(p, steps, field, at, arena, request));
        if (request.mask !== undefined) collectMask(p, root, request.mask);
        arena.check();
      } catch (error) {
        throw failed(arena, start, error);
      } finally {
        p.source.release();
      }
    };
  }

  scalar(chain: FieldChain, masked: readonly MessageType[] = []): ScalarWriter {
    const p = this.#parsing;
    const plans = masked.map((type) => this.#compiler.plan(type));
    const steps = chain.map((f) => this.#compiler.step(f));
    const field = steps.pop();
    if (field === undefined) throw new TypeError('no field to write');
    const prefix = nameOf(chain);
    return (text, out) => {
      const arena = arenaOf(out);
      const start = arena.length;
      try {
        p.begin(utf8(text, prefix), arena, field, 'error', prefix);
        p.masked = plans;
        const starts = openEnclosing(arena, steps);
        const before = arena.length;
        writeTextField(p, field);
        if (arena.length === before) arena.length = start;
        else closeEnclosing(arena, steps, starts);
        arena.check();
      } catch (error) {
        throw failed(arena, start, error);
      } finally {
        p.source.release();
      }
    };
  }

  entry(chain: FieldChain): EntryWriter {
    const p = this.#parsing;
    const steps = chain.map((f) => this.#compiler.step(f));
    const field = steps.pop();
    if (field?.entry === undefined) throw new TypeError('not a map field');
    const { key, value } = field.entry;
    const prefix = nameOf(chain);
    return (keyText, valueText, out) => {
      const arena = arenaOf(out);
      const start = arena.length;
      try {
        p.begin(utf8(keyText, prefix), arena, key, 'error', prefix);
        const starts = openEnclosing(arena, steps);
        writeVarint32(arena, field.tag);
        const content = beginLength(arena, field);
        writeTextField(p, key);
        p.begin(utf8(valueText, prefix), arena, value, 'error', `${prefix}[${JSON.stringify(keyText)}]`);
        const before = arena.length;
        writeTextField(p, value);
        if (arena.length === before) arena.length = start;
        else {
          endLength(arena, field, content);
          closeEnclosing(arena, steps, starts);
        }
        arena.check();
      } catch (error) {
        throw failed(arena, start, error);
      } finally {
        p.source.release();
      }
    };
  }
}

function nameOf(chain: FieldChain): string {
  return chain.map((f) => f.protoName).join('.');
}

function utf8(text: string, path: string): Uint8Array {
  const bytes = encodeText(text);
  if (bytes === undefined) throw new JsonError(path, 'a lone surrogate');
  return bytes;
}

/** The text as a whole message. */
function parseWhole(p: Parsing, plan: ParsePlan, request: ParseContext): number {
  const pos = skipSpace(p.source.bytes, 0);
  if (plan.form !== 'message' || p.source.bytes[pos] !== BEGIN_OBJECT) return p.run.content(p, plan, pos, 0);
  return p.run.members(p, plan, pos + 1, 1, -1, request.bound.length === 0 ? undefined : boundTree(request.bound, []));
}

/** The text as the value of one field, within the messages that enclose it. */
function parseAt(p: Parsing, steps: readonly ParseField[], field: ParseField, at: FieldChain, out: Arena, request: ParseContext): number {
  const start = out.length;
  const starts = openEnclosing(out, steps);
  const before = out.length;
  const bound = request.bound.length === 0 ? undefined : boundTree(request.bound, at);
  const pos = p.run.field(p, field, skipSpace(p.source.bytes, 0), 0, bound);
  if (out.length === before) out.length = start;
  else closeEnclosing(out, steps, starts);
  return pos;
}

/** Notes the fields that the text names, if it is an object of fields. */
function collectMask(p: Parsing, root: ParsePlan | ParseField, mask: string[]): void {
  const plan = 'shape' in root ? (root.shape === 'one' ? root.plan : undefined) : root;
  const { bytes } = p.source;
  if (plan?.form === 'message' && bytes[skipSpace(bytes, 0)] === BEGIN_OBJECT) collectPaths(bytes, plan, mask);
}

function arenaOf(out: Sink): Arena {
  if (!(out instanceof Arena)) throw new TypeError('a sink of another codec');
  return out;
}

/** Leaves the sink as it was before a write that failed; returns what to throw. */
function failed(arena: Arena, start: number, error: unknown): unknown {
  arena.length = start;
  return error instanceof SinkFull ? new JsonError('', error.message) : error;
}
