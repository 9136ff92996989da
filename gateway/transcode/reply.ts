import type { Binding } from '../../annotations/binding.js';
import type { Codec, PrintContext, PrintOptions, Sink } from '../../proto/json/codec.js';

/** Turns a reply message into JSON text. Throws {@link WireError}. */
export type ReplyPrinter = (wire: Uint8Array) => Uint8Array;

const plain: PrintContext = { pretty: false, enumNumbers: false, fields: undefined };

/**
 * Compiles the printer of a binding's replies, `response_body` selected.
 * `sink` is shared by all composers and printers of a thread: each leaves it empty.
 */
export function compileReply(binding: Binding, codec: Codec, sink: Sink, options: PrintOptions): ReplyPrinter {
  const print = codec.printer(binding.method.output, binding.response, options);
  return function printReply(wire) {
    try {
      print(wire, sink, plain);
      return sink.take();
    } catch (e) {
      sink.reset();
      throw e;
    }
  };
}
