import type { Codec, PrintContext, Sink } from '../../proto/json/codec.js';
import type { Schema } from '../../proto/schema.js';
import { WireReader } from '../../proto/wire/reader.js';
import { LENGTH } from '../../proto/wire/wire.js';

/** Prints the details of a serialized google.rpc.Status, each as the JSON text of a google.protobuf.Any. */
export type DetailsPrinter = (status: Uint8Array | undefined) => readonly string[];

const plain: PrintContext = { pretty: false, enumNumbers: false, fields: undefined };
const text = new TextDecoder();

/** Field numbers of google.rpc.Status.details and google.protobuf.Any. */
const DETAILS = 3;
const TYPE_URL = 1;
const VALUE = 2;

/**
 * Compiles the printer for the types of a schema. A detail that cannot be decoded is printed as
 * `{"@type": "...", "value": "<base64>"}` and the others stay; bytes that are no Status give no details.
 */
export function compileDetails(schema: Schema, codec: Codec, sink: Sink): DetailsPrinter {
  const any = schema.message('google.protobuf.Any');
  const print = any && codec.printer(any, [], { defaults: true, protoNames: false, int64: 'string', bytesOfAny: 'value' });
  const printOne = (wire: Uint8Array): string => {
    try {
      if (print === undefined) return undecoded(wire);
      print(wire, sink, plain);
      return text.decode(sink.take());
    } catch {
      sink.reset();
      return undecoded(wire);
    }
  };
  return (status) => (status === undefined ? [] : [...fieldsOf(status, DETAILS)].map(printOne));
}

function undecoded(any: Uint8Array): string {
  const [typeUrl] = [...fieldsOf(any, TYPE_URL)].slice(-1);
  const [value] = [...fieldsOf(any, VALUE)].slice(-1);
  return JSON.stringify({ '@type': text.decode(typeUrl), value: Buffer.from(value ?? []).toString('base64') });
}

/** Contents of the length-delimited fields of that number; what cannot be read ends the list. */
function* fieldsOf(wire: Uint8Array, number: number): Generator<Uint8Array> {
  const reader = new WireReader(wire);
  try {
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === ((number << 3) | LENGTH)) yield reader.view();
      else reader.skip(tag);
    }
  } catch {
    // A cut or garbled status: what came before stands.
  }
}
