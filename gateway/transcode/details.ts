import type { Codec } from '../../proto/json/codec.js';
import type { Schema } from '../../proto/schema.js';
import { WireReader } from '../../proto/wire/reader.js';
import { LENGTH } from '../../proto/wire/wire.js';

/** Prints the details of a serialized google.rpc.Status, each as the JSON text of a google.protobuf.Any: `limit` bytes of them. */
export type DetailsPrinter = (status: Uint8Array | undefined, limit: number) => readonly string[];

const text = new TextDecoder();

/** Field numbers of google.rpc.Status.details and google.protobuf.Any. */
const DETAILS = 3;
const TYPE_URL = 1;
const VALUE = 2;

/** `{"@type":"","value":""}` */
const SMALLEST = 23;
/** After so many that could not be printed the others are not tried: each costs as much as all that fit. */
const MAX_FAILED = 8;

/**
 * Compiles the printer for the types of a schema. A detail that cannot be decoded, or is too large when it is printed, becomes
 * `{"@type": "...", "value": "<base64>"}`; one that does not fit in that form either is left out, and the others stay. Bytes that are no Status give
 * no details.
 */
export function compileDetails(schema: Schema, codec: Codec): DetailsPrinter {
  const any = schema.message('google.protobuf.Any');
  const print = any && codec.printer(any, [], { defaults: true, protoNames: false, int64: 'string', bytesOfAny: 'value' });
  // Of its own: where it grows is where the limit is looked at.
  const sink = codec.createSink();
  const printOne = (wire: Uint8Array, limit: number): string | undefined => {
    try {
      print?.(wire, sink, { pretty: false, enumNumbers: false, fields: undefined, limit });
      return print && text.decode(sink.take());
    } catch {
      sink.reset();
      return undefined;
    }
  };
  return (status, limit) => {
    const details: string[] = [];
    let left = limit;
    let failed = 0;
    for (const wire of status === undefined ? [] : fieldsOf(status, DETAILS)) {
      if (left < SMALLEST) break;
      const printed = failed < MAX_FAILED ? printOne(wire, left) : undefined;
      if (printed === undefined) failed += 1;
      // What is large when it is decoded may be small as it came.
      const detail = printed ?? undecoded(wire);
      const size = Buffer.byteLength(detail);
      if (size > left) continue;
      details.push(detail);
      left -= size;
    }
    return details;
  };
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
