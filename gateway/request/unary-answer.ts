import { asGatewayError } from '../exchange/as-error.js';
import { callError } from '../exchange/call-error.js';
import { type GatewayError, ownError } from '../exchange/errors.js';
import type { Outgoing } from '../exchange/exchange.js';
import { httpCodeOf, isBodiless, parseHttpCode } from '../transcode/http-code.js';
import type { ReplyHeaders } from '../transcode/metadata.js';
import type { ReplyForm } from '../transcode/reply.js';
import type { Call, CallEvents, Metadata, Status } from '../upstream/call.js';
import { callOf } from './call-log.js';
import type { Route } from './route.js';
import { addTrailer, takesTrailers } from './trailers.js';
import { varyByAccept } from './vary.js';

/** Turns the events of a unary call into its HTTP answer. It waits for the status: a server may send a message and then an error. */
export class UnaryAnswer implements CallEvents {
  readonly #route: Route;
  readonly #reply: Outgoing;
  readonly #form: ReplyForm;
  #call: Call | undefined;
  #body: Uint8Array | undefined;
  /** What the upstream says of the HTTP status. */
  #code: string | undefined;
  #failure: GatewayError | undefined;

  constructor(route: Route, reply: Outgoing, form: ReplyForm) {
    this.#route = route;
    this.#reply = reply;
    this.#form = form;
  }

  /** Asks for the reply; a client that leaves cancels the call. */
  follow(call: Call): void {
    this.#call = call;
    const { raw } = this.#reply;
    raw.on('close', () => {
      if (!raw.writableFinished) call.cancel('client');
    });
    call.pull(1);
  }

  headers(metadata: Metadata): void {
    this.#take(metadata, this.#route.replyMetadata.initial);
  }

  message(wire: Uint8Array): void {
    try {
      this.#body = this.#form.print(wire);
    } catch (e) {
      this.#failure = asGatewayError(e);
      this.#call?.cancel('limit');
    }
  }

  drain(): void {}

  end(status: Status): void {
    // Nobody is there to be answered.
    if (this.#reply.raw.destroyed) return;
    const { trailing, trailer } = this.#route.replyMetadata;
    this.#take(status.trailers, trailing);
    const reply = this.#reply;
    if (trailer !== undefined && takesTrailers(reply.request)) {
      trailer(status.trailers, (name, value) => addTrailer(reply, name, value));
    }
    if (this.#failure !== undefined) reply.send(this.#failure);
    else if (status.code !== 0) reply.send(callError(status, this.#route.printDetails(status.details)));
    else if (this.#body === undefined) reply.send(ownError(500, 'The upstream sent an invalid reply.', { cause: 'no message' }));
    else this.#succeed(this.#body);
  }

  #succeed(body: Uint8Array): void {
    const reply = this.#reply;
    const { contentType, byAccept, raw } = this.#form;
    const httpStatus = this.#httpStatus();
    if (httpStatus !== 200) reply.code(httpStatus);
    if (byAccept) varyByAccept(reply);
    if (isBodiless(httpStatus)) {
      reply.send();
      return;
    }
    // Of bytes that an upstream calls a picture no browser shall make a script.
    if (raw) reply.header('x-content-type-options', 'nosniff');
    reply.type(contentType);
    reply.send(body);
  }

  #httpStatus(): number {
    const { successStatus, redirects } = this.#route.policy;
    if (this.#code === undefined) return successStatus;
    const said = parseHttpCode(this.#code, redirects);
    if (said === undefined) {
      const call = callOf(this.#route.binding.method.name, this.#reply.request);
      this.#reply.log.warn({ ...call, code: this.#code }, 'x-http-code is ignored');
    }
    return said ?? successStatus;
  }

  #take(metadata: Metadata, writeHeaders: ReplyHeaders): void {
    this.#code = httpCodeOf(metadata) ?? this.#code;
    writeHeaders(metadata, (name, value) => this.#reply.header(name, value));
  }
}
