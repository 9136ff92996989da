import { Readable } from 'node:stream';
import { asGatewayError } from '../exchange/as-error.js';
import { GatewayError, ownError } from '../exchange/errors.js';
import type { Outgoing } from '../exchange/exchange.js';
import { isOfContent } from '../exchange/header-names.js';
import { printStatus } from '../exchange/print-error.js';
import { isEventStream } from '../transcode/event-stream.js';
import type { ReplyForm } from '../transcode/reply.js';
import type { Call, Metadata, Status } from '../upstream/call.js';
import { Batch } from './batch.js';
import { CallAnswer } from './call-answer.js';
import { callOf, causeOf } from './call-log.js';
import { keepFlowing, resumedAfter } from './event-stream.js';
import type { Holding } from './held-bytes.js';
import type { Route } from './route.js';
import { unread } from './unread.js';
import type { Upload } from './upload.js';
import { varyByAccept } from './vary.js';

/** How many bytes may wait for a client before nothing more is asked of the upstream. */
const AHEAD = 64 * 1024;

const HELD_TOO_MANY = 'Too many replies are held until their requests have ended.';
const HELD_TOO_LARGE = 'The reply, which is held until the request has ended, is too large.';

/**
 * Turns the events of a server stream into its HTTP answer. The headers leave with the first item, the end, or after the header delay, whichever
 * is first; an error before that has its own HTTP status, a later one is the last item. Little is pulled that the client does not read.
 */
export class StreamAnswer extends CallAnswer {
  readonly #form: ReplyForm;
  readonly #body: Readable;
  /** Items, framed, that came in this turn of the event loop: they leave in one write, which costs more than all else of an item. */
  readonly #batch = new Batch();
  /** An item was asked for and has not come. */
  #pulled = false;
  /** Items that were written, those of the stream that this one goes on included. */
  #items: number;
  /** What stands before all items was written. */
  #opened = false;
  /** The client reads only when it has sent all: until then the items wait. */
  #held: Holding | undefined;
  /** How many more items there may be. */
  #itemsLeft: number;
  /** Headers that the upstream sent, kept until it is known whether they are those of an error. */
  #initial: Metadata = [];
  #headerTimer: NodeJS.Timeout | undefined;
  #heartbeatTimer: NodeJS.Timeout | undefined;

  constructor(route: Route, reply: Outgoing, form: ReplyForm) {
    super(route, reply);
    this.#form = form;
    this.#items = resumedAfter(route, reply.request, form);
    this.#itemsLeft = route.policy.maxItems ?? Number.POSITIVE_INFINITY;
    this.#body = new Readable({
      highWaterMark: AHEAD,
      read: () => this.#read(),
      destroy: (error, done) => this.#leave(error, done),
    });
  }

  follow(call: Call, upload?: Upload): void {
    this.call = call;
    this.upload = upload;
    if (upload !== undefined && this.route.policy.halfDuplex)
      this.#held = unread.hold(0, () => this.fail(ownError(503, HELD_TOO_MANY), 'limit'));
    const { exchange } = this.reply;
    exchange.onEnd(() => this.#body.destroy());
    // Until the call has ended, the idle timer decides how long a client may take to read.
    exchange.patient = true;
    if (this.#held === undefined) this.#delayHeaders();
    this.watch();
    const { heartbeatMs } = this.route;
    if (this.#form.framing.heartbeat !== undefined && heartbeatMs > 0)
      this.#heartbeatTimer = setTimeout(() => this.onTime(() => this.#beat()), heartbeatMs);
    this.#pull();
    upload?.start();
  }

  override sent(): void {
    if (this.#held === undefined) return;
    this.#release();
    if (this.#batch.length === 0) this.#delayHeaders();
    else {
      this.#flush();
      this.#begin();
    }
  }

  #release(): void {
    if (this.#held !== undefined) unread.release(this.#held);
    this.#held = undefined;
  }

  #delayHeaders(): void {
    // The type of raw bytes comes with the first of them.
    if (!this.#form.raw) this.#headerTimer = setTimeout(() => this.onTime(() => this.#begin()), this.route.headerDelayMs);
  }

  protected onHeaders(metadata: Metadata): void {
    this.#initial = metadata;
  }

  protected onMessage(wire: Uint8Array): void {
    this.#pulled = false;
    this.moved();
    this.#heartbeatTimer?.refresh();
    if (this.failure !== undefined) return;
    this.#itemsLeft -= 1;
    if (this.#itemsLeft < 0) {
      this.fail(ownError(500, 'The stream has too many items.'), 'limit');
      return;
    }
    try {
      this.#write(this.#form.print(wire));
    } catch (e) {
      this.fail(asGatewayError(e), 'limit');
      return;
    }
    if (this.#held !== undefined) {
      unread.grow(this.#held, this.#batch.length - this.#held.bytes);
      if (this.#batch.length > this.route.policy.maxReply) this.fail(ownError(500, HELD_TOO_LARGE), 'limit');
      else this.#pull();
      return;
    }
    this.#begin();
    if (this.#batch.length + this.#body.readableLength < AHEAD) this.#pull();
  }

  protected onEnd(status: Status): void {
    this.#clearTimers();
    this.reply.exchange.patient = false;
    this.#release();
    if (this.#body.destroyed) return;
    const error = this.failure ?? (status.code === 0 ? undefined : this.errorOf(status));
    if (error !== undefined && !this.begun) {
      this.route.replyMetadata.initial(this.#initial, this.#setErrorHeader);
      this.route.replyMetadata.trailing(status.trailers, this.#setErrorHeader);
      this.reply.send(this.#asFirst(error));
      return;
    }
    this.writeTrailers(status.trailers);
    const { framing } = this.#form;
    if (error === undefined) this.#finish(framing.end(this.#items));
    else {
      const call = callOf(this.route.binding.method.name, this.reply.request);
      this.reply.log[error.chosen ? 'debug' : 'info']({ ...call, error: error.message, ...causeOf(error) }, 'stream ended with an error');
      this.#finish(framing.error(printStatus(error, this.route.policy.errors), this.#items));
    }
  }

  /** Of a stream in an envelope every line is either a result or an error, also when there is but one. */
  #asFirst(error: GatewayError): GatewayError {
    const { streamEnvelope, errors } = this.route.policy;
    if (streamEnvelope === 'auto' || errors === 'google') return error;
    const { httpStatus, code, message, details, headers, cause, chosen } = error;
    return new GatewayError(httpStatus, code, message, { details, headers, cause, chosen, format: 'line' });
  }

  #write(item: Uint8Array): void {
    const { framing } = this.#form;
    const batch = this.#batch;
    const isFirstOfTurn = batch.length === 0;
    if (!this.#opened) this.#open();
    batch.add(framing.before(this.#items));
    batch.add(item);
    batch.add(framing.after);
    this.#items += 1;
    if (isFirstOfTurn && batch.length > 0) process.nextTick(() => this.#flush());
  }

  #open(): void {
    this.#opened = true;
    this.#batch.add(this.#form.framing.opening);
  }

  #flush(): void {
    if (this.#batch.length > 0 && this.#held === undefined && !this.#body.destroyed) this.#body.push(this.#batch.take());
  }

  #pull(): void {
    if (this.#pulled) return;
    this.#pulled = true;
    this.call?.pull(1);
  }

  #finish(last: string | undefined): void {
    if (!this.#opened) this.#open();
    this.#flush();
    if (last === undefined) {
      this.#body.destroy(new Error('the stream is cut'));
      return;
    }
    if (last !== '') this.#body.push(last);
    this.#body.push(null);
    this.#begin();
  }

  /** The headers have left, or are about to. */
  protected begun = false;

  #begin(): void {
    if (this.begun) return;
    clearTimeout(this.#headerTimer);
    this.route.replyMetadata.initial(this.#initial, this.#setHeader);
    const { contentType, byAccept, raw } = this.#form;
    if (byAccept) varyByAccept(this.reply);
    if (raw) this.reply.header('x-content-type-options', 'nosniff');
    if (isEventStream(contentType)) keepFlowing(this.reply);
    this.reply.type(contentType);
    this.begun = true;
    if (!this.#opened) {
      this.#open();
      this.#flush();
    }
    try {
      this.reply.stream(this.#body);
    } catch (e) {
      // Nobody may be there who reads it.
      this.#body.destroy();
      this.reply.cut();
      throw e;
    }
  }

  /** The client takes more. The first time it has all headers set and none sent: without an item to carry them they leave alone. */
  #read(): void {
    if (!this.begun) return;
    if (!this.reply.begun && this.#batch.length + this.#body.readableLength === 0) this.reply.flushHead();
    this.#pull();
  }

  /** The client has left, or Fastify could not send. */
  #leave(error: Error | null, done: (error: Error | null) => void): void {
    this.#release();
    this.#clearTimers();
    this.call?.cancel('client');
    done(error);
  }

  #clearTimers(): void {
    clearTimeout(this.#headerTimer);
    clearTimeout(this.#heartbeatTimer);
    this.unwatch();
  }

  /** No item has come for a while. */
  #beat(): void {
    this.#heartbeatTimer?.refresh();
    const { heartbeat } = this.#form.framing;
    const isRead = !this.reply.stalled && this.#body.readableLength === 0;
    if (this.begun && isRead && heartbeat !== undefined) this.#body.push(heartbeat);
  }

  protected override onIdle(): void {
    // A client that does not read will not read an error either, unless it reads when it has sent.
    if (this.reply.stalled && this.upload?.held !== true) this.reply.cut();
    else super.onIdle();
  }

  readonly #setHeader = (name: string, value: string | string[]): void => {
    this.reply.header(name, value);
  };

  readonly #setErrorHeader = (name: string, value: string | string[]): void => {
    if (!isOfContent(name)) this.reply.header(name, value);
  };
}
