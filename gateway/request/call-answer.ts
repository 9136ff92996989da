import { callError } from '../exchange/call-error.js';
import { Code } from '../exchange/code.js';
import { type GatewayError, ownError } from '../exchange/errors.js';
import type { Outgoing } from '../exchange/exchange.js';
import { isClientsDeadline } from '../transcode/deadline.js';
import type { Call, CallEvents, CancelReason, Metadata, Status } from '../upstream/call.js';
import { callOf } from './call-log.js';
import type { Route } from './route.js';
import { takesTrailers } from './trailers.js';
import type { Upload, UploadOwner } from './upload.js';

/** A client that sends on and does not read holds up itself: neither can its answer leave, nor is what it sends taken. */
const SENDS_UNREAD = 'The stream stood still for too long: its client sends and does not read what comes.';

/**
 * Turns the events of a call into its HTTP answer, of whatever kind. An exception on the way is a fault of the gateway: it is logged and counted, the
 * call is given up and the client answered 500, or cut off where its answer has begun.
 */
export abstract class CallAnswer implements CallEvents, UploadOwner {
  protected call: Call | undefined;
  /** What the client sends, where that is a stream. */
  protected upload: Upload | undefined;
  /** Why this side ended the call, if it did. */
  protected failure: GatewayError | undefined;
  /** A fault was answered: nothing follows. */
  #over = false;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(
    protected readonly route: Route,
    protected readonly reply: Outgoing,
  ) {}

  headers(metadata: Metadata): void {
    if (this.#over) return;
    try {
      this.onHeaders(metadata);
    } catch (e) {
      this.#giveUp(e);
    }
  }

  message(wire: Uint8Array): void {
    if (this.#over) return;
    try {
      this.onMessage(wire);
    } catch (e) {
      this.#giveUp(e);
    }
  }

  drain(): void {
    this.upload?.drained();
  }

  end(status: Status): void {
    if (this.#over) return;
    this.unwatch();
    this.upload?.stop();
    try {
      this.onEnd(status);
    } catch (e) {
      this.#answerFault(e);
    }
  }

  moved(): void {
    this.#idleTimer?.refresh();
  }

  sent(): void {}

  refuse(error: GatewayError): void {
    this.fail(error, 'client');
  }

  crash(error: unknown): void {
    this.#giveUp(error);
  }

  protected abstract onHeaders(metadata: Metadata): void;
  protected abstract onMessage(wire: Uint8Array): void;
  protected abstract onEnd(status: Status): void;
  /** The answer was handed over: something of it may have left. */
  protected abstract get begun(): boolean;

  /** Ends the answer where it is. */
  protected abandon(): void {
    if (this.begun) this.reply.cut();
    else this.reply.giveUp(ownError(500, 'Internal error.'), this.route.policy.errors);
  }

  /** Cancels the call when nothing moves for too long. */
  protected watch(): void {
    this.#idleTimer = setTimeout(() => this.onTime(() => this.onIdle()), this.route.policy.idleMs);
  }

  protected unwatch(): void {
    clearTimeout(this.#idleTimer);
  }

  protected onIdle(): void {
    const unread = this.upload?.held === true;
    this.fail(ownError(504, unread ? SENDS_UNREAD : 'The stream was idle for too long.'), 'deadline');
  }

  /** The call has to end, and this is answered. */
  protected fail(failure: GatewayError, why: CancelReason): void {
    this.failure ??= failure;
    this.call?.cancel(why);
  }

  /** Does what a timer is for: nobody else could catch what it throws. */
  protected onTime(step: () => void): void {
    try {
      step();
    } catch (e) {
      this.call?.cancel('limit');
      this.#answerFault(e);
    }
  }

  /** The answer for a call that ended with an error status. */
  protected errorOf(status: Status): GatewayError {
    const timeout = this.reply.request.headers['grpc-timeout'];
    const chosen =
      status.code === Code.DEADLINE_EXCEEDED && typeof timeout === 'string' && isClientsDeadline(this.route.deadlineMs, timeout);
    return callError(status, this.route.printDetails(status.details), chosen);
  }

  /** Lets trailing metadata stand behind the body, for clients that take such fields. */
  protected writeTrailers(trailers: Metadata): void {
    const { trailer } = this.route.replyMetadata;
    if (trailer === undefined || !takesTrailers(this.reply.request)) return;
    trailer(trailers, (name, value) => {
      for (const each of [value].flat()) this.reply.trailer(name, each);
    });
  }

  /** `end` follows, and answers. */
  #giveUp(e: unknown): void {
    this.#fault(e);
    this.fail(ownError(500, 'Internal error.'), 'limit');
  }

  #fault(e: unknown): void {
    this.route.fault(e, callOf(this.route.binding.method.name, this.reply.request));
  }

  #answerFault(e: unknown): void {
    this.#fault(e);
    this.#over = true;
    this.unwatch();
    this.upload?.stop();
    this.abandon();
  }
}
