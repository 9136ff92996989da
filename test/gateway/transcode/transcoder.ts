import type { RouteTable } from '../../../annotations/binding.js';
import { type BindingOptions, compileBindings } from '../../../annotations/compile.js';
import { createRouteTable } from '../../../annotations/table.js';
import { type PolicySettings, policyDefaults } from '../../../gateway/config/policy.js';
import { asGatewayError } from '../../../gateway/exchange/as-error.js';
import { type ComposeOptions, compileComposer } from '../../../gateway/transcode/compose.js';
import { acceptBody, acceptsOf, type BodyRules, type Content } from '../../../gateway/transcode/content.js';
import { withGoTexts } from '../../../gateway/transcode/go-texts.js';
import { type Multipart, type Parts, readParts } from '../../../gateway/transcode/multipart.js';
import { compileSystemParameters } from '../../../gateway/transcode/system-parameters.js';
import { createCodec } from '../../../proto/json/create.js';
import { printProblem } from '../../../proto/problem.js';
import type { MessageType, Schema } from '../../../proto/schema.js';
import { schemaOf } from '../../support/schema.js';

/** What the configuration says of requests. */
export interface RequestPolicy extends ComposeOptions, BodyRules {
  readonly texts: PolicySettings['texts'];
}

const policy: RequestPolicy = { ...policyDefaults, patchMask: true };

/** The request half of a gateway, without a network: request lines and bodies in, messages out. */
export class Transcoder {
  readonly schema: Schema;
  readonly table: RouteTable;

  /**
   * @param text a proto file with `google.api.http` rules
   * @param options of its rules
   */
  constructor(text: string, options: Partial<BindingOptions> = {}) {
    this.schema = schemaOf({ 'transcoder.proto': text });
    const bindings = compileBindings(this.schema, { invalidRules: 'error', conflicts: 'error', ...options });
    if (!bindings.ok) throw new Error(bindings.problems.map(printProblem).join('\n'));
    this.table = createRouteTable(bindings.value);
  }

  /** The wire bytes that the upstream would get. Throws what the handler would. */
  wire(line: string, body: string | Uint8Array = '', contentType?: string, options: Partial<RequestPolicy> = {}): Uint8Array {
    const content = this.#content(line, body, contentType, options);
    if (content !== undefined && 'kind' in content && content.kind === 'multipart') throw new Error('multipart is read later: sendParts');
    return this.#compose(line, content, options);
  }

  /** The message that the upstream would get, as JSON with proto names; or `400 field: reason`. */
  send(line: string, body: string | Uint8Array = '', contentType?: string, options: Partial<RequestPolicy> = {}): string {
    try {
      return this.print(line, this.wire(line, body, contentType, options));
    } catch (e) {
      return refusal(e);
    }
  }

  /** The same for a body of any type, `multipart/form-data` too, which takes its time. */
  async sendParts(line: string, body: string | Uint8Array, contentType: string, options: Partial<RequestPolicy> = {}): Promise<string> {
    try {
      return this.print(line, await this.wireOfParts(line, body, contentType, options));
    } catch (e) {
      return refusal(e);
    }
  }

  async wireOfParts(line: string, body: string | Uint8Array, contentType: string, options: Partial<RequestPolicy>): Promise<Uint8Array> {
    const content = this.#content(line, body, contentType, options);
    const whole = content !== undefined && 'kind' in content && content.kind === 'multipart' ? await partsOf(content) : content;
    return this.#compose(line, whole, options);
  }

  #content(
    line: string,
    body: string | Uint8Array,
    contentType: string | undefined,
    options: Partial<RequestPolicy>,
  ): Uint8Array | Content | Multipart | undefined {
    const bytes = Buffer.from(body);
    if (bytes.length === 0) return undefined;
    const accepts = acceptsOf(this.#hit(line).binding, { ...policy, ...options });
    return acceptBody(accepts, contentType, bytes);
  }

  #compose(line: string, content: Uint8Array | Content | undefined, options: Partial<RequestPolicy>): Uint8Array {
    const { binding, captures } = this.#hit(line);
    const codec = createCodec(this.schema);
    const { compose } = compileComposer(binding, options.texts === 'go' ? withGoTexts(codec) : codec, codec.createSink(), {
      ...policy,
      ...options,
    });
    const mark = line.indexOf('?');
    const query = mark === -1 ? '' : line.slice(mark + 1);
    const system = compileSystemParameters(binding.method.input, 'dollar')(query);
    return compose(captures, system?.query ?? query, content);
  }

  print(line: string, wire: Uint8Array): string {
    const codec = createCodec(this.schema);
    const sink = codec.createSink();
    const print = codec.printer(this.inputOf(line), [], { defaults: false, protoNames: true, int64: 'string' });
    print(wire, sink, { pretty: false, enumNumbers: false, fields: undefined });
    return Buffer.from(sink.take()).toString();
  }

  inputOf(line: string): MessageType {
    return this.#hit(line).binding.method.input;
  }

  #hit(line: string) {
    const [method = '', target = ''] = line.split(' ');
    const match = this.table.match(method, target);
    if (match.kind !== 'hit') throw new Error(`${line} is ${match.kind}`);
    return match;
  }
}

/** Takes a body apart; rejects as the handler would refuse it. */
export function partsOf(body: Multipart): Promise<Parts> {
  return new Promise((resolve, reject) => {
    readParts(body, policyDefaults.maxParts, (error, parts) => (error === undefined ? resolve(parts) : reject(error)));
  });
}

function refusal(thrown: unknown): string {
  const error = asGatewayError(thrown);
  return `${error.httpStatus} ${error.message}`;
}
