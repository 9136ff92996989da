import type { FieldChain, MessageType, Schema } from '../../schema.js';
import { Arena, SinkFull } from '../arena.js';
import { OutputLimit, type PrintContext, type Printer, type PrintOptions, type Sink, WireError } from '../codec.js';
import { PrintCompiler } from './compile.js';
import { indent } from './indent.js';
import { interpreter } from './members.js';
import type { PrintPlan } from './plan.js';
import { DISORDER, Printing } from './printing.js';
import { select, selectInner } from './select.js';

/** Compiles printers that share plans and state, for one set of options. */
export class PrinterFactory {
  readonly #compiler: PrintCompiler;
  readonly #printing: Printing;

  constructor(schema: Schema, options: PrintOptions) {
    this.#compiler = new PrintCompiler(schema, options);
    const any = (name: string) => {
      const type = schema.message(name);
      return type === undefined ? undefined : this.#compiler.plan(type);
    };
    this.#printing = new Printing(interpreter, any, `,"${options.bytesOfAny ?? '@value'}":`);
  }

  printer(type: MessageType, at: FieldChain): Printer {
    const whole = at.length === 0;
    const plan = whole ? this.#compiler.plan(type) : this.#compiler.solo(type, at);
    const narrow = whole ? select : selectInner;
    return (wire, out, request) => {
      const narrowed = request.fields === undefined ? plan : narrow(plan, request.fields);
      print(this.#printing, narrowed, whole, wire, out, request);
    };
  }
}

function print(p: Printing, plan: PrintPlan, whole: boolean, wire: Uint8Array, out: Sink, request: PrintContext): void {
  if (!(out instanceof Arena)) throw new TypeError('a sink of another codec');
  const start = out.length;
  p.careful = false;
  out.bound(request.limit);
  try {
    if (!attempt(p, plan, whole, wire, out, request)) {
      out.length = start;
      p.careful = true;
      if (!attempt(p, plan, whole, wire, out, request)) throw new WireError('fields in an order that cannot be printed');
    }
    if (request.pretty) indent(out, start);
    out.check();
  } catch (error) {
    out.length = start;
    throw error instanceof SinkFull ? new OutputLimit(error.message) : error;
  } finally {
    out.bound();
    p.source.release();
  }
}

/**
 * False if the message was not as the fast path expects it; what is then in the sink is to be dropped. So is an error of the fast path, which has
 * also seen values that do not count because others follow: what a message is must not depend on what came before it.
 */
function attempt(p: Printing, plan: PrintPlan, whole: boolean, wire: Uint8Array, out: Arena, request: PrintContext): boolean {
  p.begin(wire, out, request.enumNumbers);
  try {
    if (whole) p.run.content(p, plan, 0, wire.length, 0);
    else p.run.members(p, plan, 0, wire.length, 0, 0);
    return true;
  } catch (error) {
    if (error === DISORDER || (error instanceof WireError && !p.careful)) return false;
    throw error;
  }
}
