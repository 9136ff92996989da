import { asGatewayError } from '../exchange/as-error.js';
import { type GatewayError, ownError } from '../exchange/errors.js';
import type { Outgoing } from '../exchange/exchange.js';
import { isOfContent } from '../exchange/header-names.js';
import { httpCodeOf, isBodiless, parseHttpCode } from '../transcode/http-code.js';
import type { ReplyForm } from '../transcode/reply.js';
import type { Call, Metadata, Status } from '../upstream/call.js';
import { CallAnswer } from './call-answer.js';
import { callOf } from './call-log.js';
import type { Route } from './route.js';
import { unread } from './unread.js';
import type { Upload } from './upload.js';
import { varyByAccept } from './vary.js';

/** Answers that are no larger are not counted, bytes. */
const MOST_UNCOUNTED = 64 * 1024;

/** Turns the events of a unary call into its HTTP answer. It waits for the status: a server may send a message and then an error. */
export class UnaryAnswer extends CallAnswer {
  readonly #form: ReplyForm;
  /** Headers that the upstream sent, kept until it is known whether they are those of an error. */
  #initial: Metadata = [];
  #body: Uint8Array | undefined;

  constructor(route: Route, reply: Outgoing, form: ReplyForm) {
    super(route, reply);
    this.#form = form;
  }

  /** Asks for the reply; a client that leaves cancels the call. */
  follow(call: Call, upload?: Upload): void {
    this.call = call;
    this.reply.exchange.onEnd((whole) => {
      if (!whole) call.cancel('client');
    });
    call.pull(1);
    if (upload === undefined) return;
    this.upload = upload;
    this.watch();
    upload.start();
  }

  protected onHeaders(metadata: Metadata): void {
    this.#initial = metadata;
  }

  protected onMessage(wire: Uint8Array): void {
    try {
      this.#body = this.#form.print(wire);
    } catch (e) {
      this.failure = asGatewayError(e);
      this.call?.cancel('limit');
    }
  }

  protected get begun(): boolean {
    return false;
  }

  protected onEnd(status: Status): void {
    // Nobody is there to be answered.
    if (this.reply.exchange.over) return;
    const error = this.#judge(status);
    this.#writeHeaders(status.trailers, error !== undefined);
    if (error !== undefined) this.reply.send(error);
    else this.#succeed(this.#body ?? NO_BYTES, status.trailers);
  }

  #judge(status: Status): GatewayError | undefined {
    if (this.failure !== undefined) return this.failure;
    if (status.code !== 0) return this.errorOf(status);
    return this.#body === undefined ? ownError(500, 'The upstream sent an invalid reply.', { cause: 'no message' }) : undefined;
  }

  #succeed(body: Uint8Array, trailers: Metadata): void {
    const reply = this.reply;
    const { contentType, byAccept, raw } = this.#form;
    const httpStatus = this.#httpStatus(trailers);
    if (httpStatus !== 200) reply.code(httpStatus);
    if (byAccept) varyByAccept(reply);
    if (isBodiless(httpStatus)) {
      reply.send();
      return;
    }
    // Of bytes that an upstream calls a picture no browser shall make a script.
    if (raw) reply.header('x-content-type-options', 'nosniff');
    reply.type(contentType);
    if (body.length > MOST_UNCOUNTED) {
      const held = unread.hold(body.length, () => reply.hangUp());
      reply.exchange.onEnd(() => unread.release(held));
    }
    reply.send(body);
  }

  #httpStatus(trailers: Metadata): number {
    const { successStatus, redirects } = this.route.policy;
    const code = httpCodeOf(trailers) ?? httpCodeOf(this.#initial);
    if (code === undefined) return successStatus;
    const said = parseHttpCode(code, redirects);
    if (said === undefined) {
      const call = callOf(this.route.binding.method.name, this.reply.request);
      this.reply.log.warn({ ...call, code }, 'x-http-code is ignored');
    }
    return said ?? successStatus;
  }

  #writeHeaders(trailers: Metadata, isError: boolean): void {
    const reply = this.reply;
    const { initial, trailing } = this.route.replyMetadata;
    const set = (name: string, value: string | string[]) => {
      if (!isError || !isOfContent(name)) reply.header(name, value);
    };
    initial(this.#initial, set);
    trailing(trailers, set);
    this.writeTrailers(trailers);
  }
}

const NO_BYTES = new Uint8Array(0);
