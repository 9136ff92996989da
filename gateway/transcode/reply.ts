import type { Binding } from '../../annotations/binding.js';
import type { Codec, PrintContext, PrintOptions, Sink } from '../../proto/json/codec.js';
import type { FieldChain } from '../../proto/schema.js';
import { Refusal } from '../exchange/refusal.js';
import { dataLines, EVENT_STREAM, type EventOptions, eventStream } from './event-stream.js';
import { type Framing, jsonArray, jsonLines, rawBytes } from './framing.js';
import { isHttpBody, OCTET_STREAM, readHttpBody } from './http-body.js';
import { assertFields, innerMessage, innerType } from './inner.js';
import { compileNegotiator } from './negotiate.js';
import { messageIn, selectFields } from './select-fields.js';
import type { SystemParameters } from './system-parameters.js';

/** How the reply to one request is written. */
export interface ReplyForm {
  /** Media type of the answer. Of raw bytes the upstream says it: it is known after the first `print`. */
  readonly contentType: string;
  /** The bytes of a google.api.HttpBody, which may be anything. */
  readonly raw: boolean;
  /** The request's `Accept` had a say. */
  readonly byAccept: boolean;
  /** How the items of a stream follow each other. */
  readonly framing: Framing;
  /** Makes of a reply message what is sent of it: a copy that nobody writes again. Throws WireError or WireFormatError. */
  print(wire: Uint8Array): Uint8Array;
}

/** Chooses the form of a request's reply by its `Accept` header and its system parameters. Throws {@link Refusal}. */
export type FormChooser = (accept: string | undefined, system: SystemParameters | undefined) => ReplyForm;

/** Fixed when forms are compiled. */
export interface FormOptions {
  readonly json: PrintOptions;
  /** Enum values are numbers, also if the request does not ask for it. */
  readonly enumNumbers: boolean;
  /** Items of a stream stand in `{"result":...}`. */
  readonly envelope: boolean;
  readonly events: EventOptions;
  /** What a stream is where the request leaves it open: NDJSON, a JSON array, or lines under the name of JSON, which then always means them. */
  readonly streamForm: 'lines' | 'array' | 'json-lines';
  /** Whether an `Accept` that names no type of the reply is refused, or gets the first choice. */
  readonly mediaTypes: 'strict' | 'lenient';
  /** Largest JSON text of one message, bytes. */
  readonly limit: number;
}

const JSON_TYPE = 'application/json';

/** Headers that mean JSON on their face: what most clients and libraries send. */
const plainlyJson = [JSON_TYPE, 'application/json, text/plain, */*', 'application/json, */*', 'application/json,*/*'];

const offer = (types: readonly string[], plainly: readonly string[]) => ({ types, negotiate: compileNegotiator(types, plainly) });
const messages = offer([JSON_TYPE, 'application/protobuf', 'application/x-protobuf'], plainlyJson);
const values = offer([JSON_TYPE], plainlyJson);
const streams = offer(['application/x-ndjson', 'application/jsonl', JSON_TYPE, EVENT_STREAM], []);
const streamsAsJson = offer([JSON_TYPE, 'application/x-ndjson', 'application/jsonl', EVENT_STREAM], plainlyJson);
/** What `$alt` calls them. */
const alternatives = { json: JSON_TYPE, proto: 'application/protobuf', sse: EVENT_STREAM } as const;

/**
 * Compiles the forms of a binding's replies, `response_body` selected.
 *
 *     one message   JSON; wire bytes, where the reply is a message
 *     a stream      one JSON value a line; a JSON array; server-sent events
 *     HttpBody      its bytes, whatever `Accept` says; `$alt` gives the message itself
 *
 * `sink` is shared by all composers and printers of a thread: each leaves it empty.
 */
export function compileForms(binding: Binding, codec: Codec, sink: Sink, options: FormOptions): FormChooser {
  const { response, method } = binding;
  const type = innerType(method.output, response);
  const printJson = compileJson(binding, codec, sink, options.json);
  const { limit } = options;
  const plain: PrintContext = { pretty: false, enumNumbers: options.enumNumbers, fields: undefined, limit };
  const printPlain = (wire: Uint8Array) => printJson(wire, plain);
  const printProto = (wire: Uint8Array) => copyMessage(wire, response);

  const { envelope, events, streamForm, mediaTypes } = options;
  const ofStreams = streamForm === 'lines' ? streams : streamsAsJson;
  const { types, negotiate } = method.serverStream ? ofStreams : type === undefined ? values : messages;
  const framingOf = (contentType: string): Framing => {
    if (contentType === EVENT_STREAM) return eventStream(events);
    return contentType === JSON_TYPE && streamForm !== 'json-lines' ? jsonArray(envelope) : jsonLines(envelope);
  };
  const forms = types.map((contentType): ReplyForm => {
    const print = contentType.endsWith('protobuf') ? printProto : printPlain;
    return { contentType, raw: false, byAccept: true, framing: framingOf(contentType), print };
  });

  const formOf = (accept: string | undefined, alt: SystemParameters['alt']): ReplyForm => {
    if (alt !== undefined) return formOfAlt(alt);
    if (isHttpBody(type)) return new RawForm(response);
    const chosen = negotiate(accept);
    const form = forms[chosen === -1 && mediaTypes === 'lenient' ? 0 : chosen];
    if (form === undefined) throw new Refusal('notAcceptable', '', `The reply can only be ${types.join(' or ')}.`);
    return form;
  };

  const formOfAlt = (alt: keyof typeof alternatives): ReplyForm => {
    const form = forms.find(({ contentType }) => contentType === alternatives[alt]);
    if (form !== undefined) return { ...form, byAccept: false };
    if (method.serverStream) throw new Refusal('field', '$alt', 'a stream can only be json or sse');
    throw new Refusal('field', '$alt', alt === 'sse' ? 'only a stream can be sse' : 'a reply that is no message can only be json');
  };

  const inContext = (form: ReplyForm, { pretty, enumNumbers, fields }: SystemParameters): ReplyForm => {
    if (form.raw || form.print === printProto) {
      if (fields !== undefined) throw new Refusal('field', '$fields', 'selects fields of JSON replies only');
      return form;
    }
    const whole = response.at(-1);
    const selected = fields === undefined ? undefined : selectFields(fields, whole === undefined ? method.output : messageIn(whole));
    const isEvent = form.contentType === EVENT_STREAM;
    // A line must stay one line.
    const isLine = method.serverStream && !isEvent && (form.contentType !== JSON_TYPE || streamForm === 'json-lines');
    const context: PrintContext = { pretty: pretty && !isLine, enumNumbers: enumNumbers || options.enumNumbers, fields: selected, limit };
    const print = (wire: Uint8Array) => printJson(wire, context);
    return { ...form, print: isEvent && pretty ? (wire) => dataLines(print(wire)) : print };
  };

  return function chooseForm(accept, system) {
    const form = formOf(accept, system?.alt);
    return system === undefined ? form : inContext(form, system);
  };
}

function compileJson(binding: Binding, codec: Codec, sink: Sink, options: PrintOptions) {
  const print = codec.printer(binding.method.output, binding.response, options);
  return function printJson(wire: Uint8Array, context: PrintContext): Uint8Array {
    try {
      print(wire, sink, context);
      return sink.take();
    } catch (e) {
      sink.reset();
      throw e;
    }
  };
}

function copyMessage(wire: Uint8Array, response: FieldChain): Uint8Array {
  const message = innerMessage(wire, response);
  assertFields(message);
  return Buffer.from(message);
}

/** Bytes of a google.api.HttpBody; of a stream the first item says their type. */
class RawForm implements ReplyForm {
  readonly raw = true;
  readonly byAccept = false;
  readonly framing = rawBytes;
  readonly #response: FieldChain;
  #type: string | undefined;

  constructor(response: FieldChain) {
    this.#response = response;
  }

  get contentType(): string {
    return this.#type ?? OCTET_STREAM;
  }

  print(wire: Uint8Array): Uint8Array {
    const { contentType, data } = readHttpBody(innerMessage(wire, this.#response));
    this.#type ??= contentType;
    return Buffer.from(data);
  }
}
