import { asGatewayError } from '../../exchange/as-error.js';
import { type GatewayError, ownError } from '../../exchange/errors.js';
import type { Outgoing } from '../../exchange/exchange.js';
import type { Frames } from '../../exchange/handshake.js';
import type { Call, CancelReason, Status } from '../../upstream/call.js';
import { CallAnswer } from '../call-answer.js';
import type { Route } from '../route.js';
import type { Upload } from '../upload.js';
import { closeWith } from './close.js';
import type { FrameForm } from './form.js';
import { CLOSE_FAULT, CLOSE_OK, type Closing } from './protocol.js';

/**
 * Turns the events of a call into the messages of a WebSocket, and its end into how that is closed. Nothing is pulled while its client does not read. The
 * call may begin later than the WebSocket.
 */
export class WebSocketAnswer extends CallAnswer {
  /** A message was asked for and has not come. */
  #pulled = false;
  /** How many more there may be. */
  #itemsLeft: number;

  constructor(
    route: Route,
    reply: Outgoing,
    private readonly frames: Frames,
    private readonly form: FrameForm,
  ) {
    super(route, reply);
    this.#itemsLeft = route.policy.maxItems ?? Number.POSITIVE_INFINITY;
    reply.exchange.onEnd(() => this.#left());
    this.watch();
  }

  follow(call: Call, upload?: Upload): void {
    this.call = call;
    this.upload = upload;
    upload?.start();
    this.#pull();
  }

  /** The client takes more. */
  drained(): void {
    if (this.call !== undefined) this.#pull();
  }

  protected onHeaders(): void {}

  protected onMessage(wire: Uint8Array): void {
    this.#pulled = false;
    this.moved();
    if (this.failure !== undefined) return;
    this.#itemsLeft -= 1;
    if (this.#itemsLeft < 0) {
      this.fail(ownError(500, 'The stream has too many items.'), 'limit');
      return;
    }
    let message: Uint8Array;
    try {
      message = this.form.print(wire);
    } catch (e) {
      this.fail(asGatewayError(e), 'limit');
      return;
    }
    if (this.frames.send(message, this.form.binary)) this.#pull();
  }

  protected onEnd(status: Status): void {
    const error = this.failure ?? (status.code === 0 ? undefined : this.errorOf(status));
    if (error === undefined) this.#close(CLOSE_OK);
    else this.#closeWith(error);
  }

  protected get begun(): boolean {
    return true;
  }

  protected override abandon(): void {
    this.#close(CLOSE_FAULT);
  }

  protected override onIdle(): void {
    // A client that does not read will not read why, either.
    if (this.frames.stalled) this.frames.cut();
    else super.onIdle();
  }

  protected override fail(failure: GatewayError, why: CancelReason): void {
    super.fail(failure, why);
    if (this.call === undefined) this.#closeWith(failure);
  }

  #closeWith(error: GatewayError): void {
    this.unwatch();
    closeWith(error, this.frames, this.reply, this.route);
  }

  #close({ code, reason }: Closing): void {
    this.unwatch();
    this.frames.close(code, reason);
  }

  #pull(): void {
    if (this.#pulled) return;
    this.#pulled = true;
    this.call?.pull(1);
  }

  #left(): void {
    this.unwatch();
    this.upload?.stop();
    this.call?.cancel('client');
  }
}
