import type { RouteTable } from '../../../annotations/binding.js';
import { compileBindings } from '../../../annotations/compile.js';
import { createRouteTable } from '../../../annotations/table.js';
import { asGatewayError } from '../../../gateway/errors.js';
import { type ComposeOptions, compileComposer } from '../../../gateway/transcode/compose.js';
import { acceptBody, acceptsOf } from '../../../gateway/transcode/content.js';
import { createCodec } from '../../../proto/json/create.js';
import { printProblem } from '../../../proto/problem.js';
import type { MessageType, Schema } from '../../../proto/schema.js';
import { schemaOf } from '../../support/schema.js';

const policy: ComposeOptions = { unknown: 'error', pathConflict: 'error', patchMask: true };

/** The request half of a gateway, without a network: request lines and bodies in, messages out. */
export class Transcoder {
  readonly schema: Schema;
  readonly table: RouteTable;

  /** @param text a proto file with `google.api.http` rules */
  constructor(text: string) {
    this.schema = schemaOf({ 'transcoder.proto': text });
    const bindings = compileBindings(this.schema, { invalidRules: 'error', conflicts: 'error' });
    if (!bindings.ok) throw new Error(bindings.problems.map(printProblem).join('\n'));
    this.table = createRouteTable(bindings.value);
  }

  /** The wire bytes that the upstream would get. Throws what the handler would. */
  wire(line: string, body: string | Uint8Array = '', contentType?: string, options: Partial<ComposeOptions> = {}): Uint8Array {
    const [method = '', target = ''] = line.split(' ');
    const match = this.table.match(method, target);
    if (match.kind !== 'hit') throw new Error(`${line} is ${match.kind}`);
    const { binding } = match;
    const codec = createCodec(this.schema);
    const compose = compileComposer(binding, codec, codec.createSink(), { ...policy, ...options });
    const bytes = Buffer.from(body);
    const content =
      bytes.length === 0 ? undefined : acceptBody(acceptsOf(binding), { 'content-type': contentType }, bytes, 'gateway.example');
    const mark = target.indexOf('?');
    return compose(match.captures, mark === -1 ? '' : target.slice(mark + 1), content);
  }

  /** The message that the upstream would get, as JSON with proto names; or `400 field: reason`. */
  send(line: string, body: string | Uint8Array = '', contentType?: string, options: Partial<ComposeOptions> = {}): string {
    try {
      return this.print(line, this.wire(line, body, contentType, options));
    } catch (e) {
      const error = asGatewayError(e);
      return `${error.httpStatus} ${error.message}`;
    }
  }

  print(line: string, wire: Uint8Array): string {
    const codec = createCodec(this.schema);
    const sink = codec.createSink();
    const print = codec.printer(this.inputOf(line), [], { defaults: false, protoNames: true, int64: 'string' });
    print(wire, sink, { pretty: false, enumNumbers: false, fields: undefined });
    return Buffer.from(sink.take()).toString();
  }

  inputOf(line: string): MessageType {
    const [method = '', target = ''] = line.split(' ');
    const match = this.table.match(method, target);
    if (match.kind !== 'hit') throw new Error(`${line} is ${match.kind}`);
    return match.binding.method.input;
  }
}
