import type { FastifyReply } from 'fastify';
import { asGatewayError, type GatewayError, ownError, upstreamError } from './errors.js';
import type { Route } from './route.js';
import type { Call, CallEvents, Metadata, Status } from './upstream/call.js';

/** Turns the events of a unary call into its HTTP answer. It waits for the status: a server may send a message and then an error. */
export class UnaryAnswer implements CallEvents {
  readonly #route: Route;
  readonly #reply: FastifyReply;
  #call: Call | undefined;
  #json: Uint8Array | undefined;
  #failure: GatewayError | undefined;

  constructor(route: Route, reply: FastifyReply) {
    this.#route = route;
    this.#reply = reply;
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
    this.#writeHeaders(metadata);
  }

  message(wire: Uint8Array): void {
    try {
      this.#json = this.#route.printReply(wire);
    } catch (e) {
      this.#failure = asGatewayError(e);
      this.#call?.cancel('limit');
    }
  }

  drain(): void {}

  end(status: Status): void {
    this.#writeHeaders(status.trailers);
    const reply = this.#reply;
    if (this.#failure !== undefined) reply.send(this.#failure);
    else if (status.code !== 0) reply.send(upstreamError(status, this.#route.printDetails(status.details)));
    else if (this.#json === undefined) reply.send(ownError(500, 'The upstream sent an invalid reply.', { cause: 'no message' }));
    else reply.type('application/json').send(this.#json);
  }

  #writeHeaders(metadata: Metadata): void {
    this.#route.writeHeaders(metadata, (name, value) => this.#reply.header(name, value));
  }
}
