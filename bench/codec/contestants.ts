import { fromBinary, fromJsonString, toBinary, toJsonString } from '@bufbuild/protobuf';
import protojson from 'protobufjs/ext/protojson.js';
import { createCodec } from '../../proto/json/create.js';
import type { Schemas } from './schema.js';

/** One way from bytes to bytes, in both directions. */
export interface Contestant {
  readonly name: string;
  print(wire: Uint8Array): Uint8Array;
  parse(json: Uint8Array): Uint8Array;
}

const options = { longs: String, enums: String, bytes: String };

/** Ours first; the others are what a Node program would otherwise use. */
export function contestantsFor({ ours, protobufjs, bufbuild }: Schemas, typeName: string): readonly Contestant[] {
  const type = protobufjs.lookupType(typeName);
  const desc = bufbuild.getMessage(typeName);
  if (desc === undefined) throw new Error(typeName);
  return [
    codec(ours, typeName),
    {
      name: 'protobufjs toObject',
      print: (wire) => Buffer.from(JSON.stringify(type.toObject(type.decode(wire), options))),
      parse: (json) => type.encode(type.fromObject(JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.length).toString()))).finish(),
    },
    {
      name: 'protobufjs ext/protojson',
      print: (wire) => Buffer.from(protojson.toJsonString(type, type.decode(wire))),
      parse: (json) =>
        type.encode(protojson.fromJsonString(type, Buffer.from(json.buffer, json.byteOffset, json.length).toString())).finish(),
    },
    {
      name: '@bufbuild/protobuf',
      print: (wire) => Buffer.from(toJsonString(desc, fromBinary(desc, wire))),
      parse: (json) => toBinary(desc, fromJsonString(desc, Buffer.from(json.buffer, json.byteOffset, json.length).toString())),
    },
  ];
}

function codec(schema: Schemas['ours'], typeName: string): Contestant {
  const type = schema.message(typeName);
  if (type === undefined) throw new Error(typeName);
  const { createSink, parser, printer } = createCodec(schema);
  const sink = createSink();
  const print = printer(type, [], { defaults: false, protoNames: false, int64: 'string' });
  const parse = parser(type, [], { unknown: 'error' });
  const printRequest = { pretty: false, enumNumbers: false, fields: undefined };
  const parseRequest = { bound: [], conflict: 'error' as const, mask: undefined };
  return {
    name: 'protogate',
    print: (wire) => {
      print(wire, sink, printRequest);
      return sink.take();
    },
    parse: (json) => {
      parse(json, sink, parseRequest);
      return sink.take();
    },
  };
}
