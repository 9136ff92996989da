import type { Schema } from '../schema.js';
import { Arena } from './arena.js';
import type { Codec, ParseOptions, PrintContext, PrintOptions } from './codec.js';
import { compileCopier } from './copy/copier.js';
import { compileContent } from './enclose.js';
import { ParserFactory } from './parse/parser.js';
import { PrinterFactory } from './print/printer.js';
import { compileRequired, type PrintKey } from './required/check.js';
import { RequiredCompiler } from './required/plan.js';

/** Largest output of a sink that is created without a limit of its own: 256 MiB. */
export const DEFAULT_OUTPUT_LIMIT = 2 ** 28;

/**
 * A codec of the types of one schema. Plans are compiled when a printer or parser is asked for, those of Any contents when they first come.
 * Not reentrant: printers and parsers of a codec share scratch memory, and each runs to its end before the next.
 */
export function createCodec(schema: Schema): Codec {
  const parsers = keyed((options: ParseOptions) => new ParserFactory(schema, options));
  const printers = keyed((options: PrintOptions) => new PrinterFactory(schema, options));
  const scratch = new Arena(DEFAULT_OUTPUT_LIMIT);
  const required = new RequiredCompiler(schema);
  const printKey: PrintKey = (map, entry) => {
    const out = new Arena(DEFAULT_OUTPUT_LIMIT);
    printers({ defaults: true, protoNames: false, int64: 'string' }).printer(map.type, [map.key])(entry, out, plain);
    return JSON.stringify(String(JSON.parse(Buffer.from(out.take()).toString())));
  };
  return {
    createSink: (limit = DEFAULT_OUTPUT_LIMIT) => new Arena(limit),
    parser: (type, at, fixed, masked) => parsers(fixed).parser(type, at, masked),
    printer: (type, at, fixed) => printers(fixed).printer(type, at),
    scalar: (chain, fixed, masked) => parsers(fixed).scalar(chain, masked),
    entry: (chain, fixed) => parsers(fixed).entry(chain),
    content: (chain) => compileContent(chain),
    copier(type, at) {
      const field = at.at(-1);
      if (field !== undefined && (field.kind !== 'message' || field.repeated)) throw new TypeError('not a message field');
      return compileCopier(field?.kind === 'message' ? field.type : type, at, scratch);
    },
    required(type) {
      const plan = required.plan(type);
      return plan === undefined ? undefined : compileRequired(plan, printKey);
    },
  };
}

const plain: PrintContext = { pretty: false, enumNumbers: false, fields: undefined };

/** One value for equal options. */
function keyed<O extends object, T>(create: (options: O) => T): (options: O) => T {
  const known = new Map<string, T>();
  return (options) => {
    const key = JSON.stringify(Object.entries(options).toSorted());
    const value = known.get(key) ?? create(options);
    known.set(key, value);
    return value;
  };
}
