/**
 * The testee of the official protobuf conformance suite: parses and prints messages with our linker and codec.
 *
 * Requests and responses are framed by a 4-byte little-endian length. JSON -> JSON goes through the wire, wire -> wire is skipped: a transcoder
 * has neither another way.
 */
import { readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { splitFileDescriptorSet } from '../../proto/descriptor/read.js';
import { type Codec, JsonError, type Parser, type Printer, WireError } from '../../proto/json/codec.js';
import { createCodec } from '../../proto/json/create.js';
import { link } from '../../proto/link.js';
import { printProblem } from '../../proto/problem.js';
import type { MessageType, Schema } from '../../proto/schema.js';
import { WireReader } from '../../proto/wire/reader.js';
import { WireWriter } from '../../proto/wire/writer.js';

const PROTOBUF = 1;
const JSON_FORMAT = 2;
const IGNORE_UNKNOWN = 3;

/** conformance.ConformanceRequest, what we use of it. */
interface Request {
  protobuf?: Uint8Array;
  json?: Uint8Array;
  format: number;
  type: string;
  category: number;
}

/** Fields of conformance.ConformanceResponse. */
const PARSE_ERROR = 1;
const RESULT_PROTOBUF = 3;
const RESULT_JSON = 4;
const SKIPPED = 5;
const SERIALIZE_ERROR = 6;

function readRequest(bytes: Uint8Array): Request {
  const request: Request = { format: 0, type: '', category: 0 };
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    if (tag === 10) request.protobuf = reader.view();
    else if (tag === 18) request.json = reader.view();
    else if (tag === 24) request.format = reader.uint32();
    else if (tag === 34) request.type = reader.string();
    else if (tag === 40) request.category = reader.uint32();
    else reader.skip(tag);
  }
  return request;
}

function respond(field: number, content: Uint8Array | string): Uint8Array {
  return new WireWriter().bytesField(field, content).finish();
}

class Testee {
  readonly #codec: Codec;
  readonly #schema: Schema;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#codec = createCodec(schema);
  }

  answer(request: Request): Uint8Array {
    if (request.type === 'conformance.FailureSet') return respond(RESULT_PROTOBUF, new Uint8Array(0));
    const type = this.#schema.message(request.type);
    if (type === undefined) return respond(SKIPPED, `no type ${request.type}`);
    const toJson = request.format === JSON_FORMAT;
    if (!toJson && request.format !== PROTOBUF) return respond(SKIPPED, 'only wire and JSON');
    if (request.json !== undefined) return this.#fromJson(type, request.json, request.category === IGNORE_UNKNOWN, toJson);
    if (request.protobuf === undefined || !toJson) return respond(SKIPPED, 'only transcoding');
    return this.#print(type, request.protobuf, PARSE_ERROR);
  }

  #fromJson(type: MessageType, json: Uint8Array, ignoreUnknown: boolean, toJson: boolean): Uint8Array {
    const parse: Parser = this.#codec.parser(type, [], { unknown: ignoreUnknown ? 'ignore' : 'error' });
    const sink = this.#codec.createSink();
    try {
      parse(json, sink, { bound: [], conflict: 'error', mask: undefined });
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      return respond(PARSE_ERROR, error.message);
    }
    const wire = sink.take();
    return toJson ? this.#print(type, wire, SERIALIZE_ERROR) : respond(RESULT_PROTOBUF, wire);
  }

  /** Bytes that are no message and a message that has no JSON are one thing to a printer; the suite tells them apart by what it sent. */
  #print(type: MessageType, wire: Uint8Array, otherwise: number): Uint8Array {
    const print: Printer = this.#codec.printer(type, [], { defaults: false, protoNames: false, int64: 'string' });
    const sink = this.#codec.createSink();
    try {
      print(wire, sink, { pretty: false, enumNumbers: false, fields: undefined });
      return respond(RESULT_JSON, sink.take());
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return respond(/range|JSON form|finite/.test(error.message) ? SERIALIZE_ERROR : otherwise, error.message);
    }
  }
}

/** So many bytes from stdin, or undefined at its end. */
function read(count: number): Buffer | undefined {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count; ) {
    const got = readSync(0, bytes, at, count - at, null);
    if (got === 0) return undefined;
    at += got;
  }
  return bytes;
}

function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

function main(): void {
  const set = readFileSync(join(process.env.CONFORMANCE_DIR ?? 'node_modules/.cache/conformance', 'descriptors.binpb'));
  const linked = link([{ origin: 'conformance', version: '', files: splitFileDescriptorSet(set) }]);
  if (!linked.ok) throw new Error(linked.problems.map(printProblem).join('\n'));
  const testee = new Testee(linked.value);
  for (let header = read(4); header !== undefined; header = read(4)) {
    const request = read(header.readUInt32LE());
    if (request === undefined) return;
    const response = testee.answer(readRequest(request));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(response.length);
    write(length);
    write(response);
  }
}

main();
