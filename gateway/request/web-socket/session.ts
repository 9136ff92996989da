import type { GatewayError } from '../../exchange/errors.js';
import type { Outgoing } from '../../exchange/exchange.js';
import type { FrameEvents, Frames, Handshake } from '../../exchange/handshake.js';
import { callOf } from '../call-log.js';
import type { Route } from '../route.js';
import { WebSocketAnswer } from './answer.js';
import { closeWith } from './close.js';
import { FrameItems } from './items.js';
import { MetadataWait } from './metadata-wait.js';
import { type CallPlan, messageLimitOf, planCall } from './plan.js';
import { CLOSE_FAULT, type Subprotocol } from './protocol.js';

/** One WebSocket from its handshake on: perhaps metadata, then a call. */
export class WebSocketSession implements FrameEvents {
  #frames: Frames | undefined;
  #metadata: MetadataWait | undefined;
  #items: FrameItems | undefined;
  #answer: WebSocketAnswer | undefined;

  constructor(
    private readonly route: Route,
    private readonly reply: Outgoing,
    private readonly protocol: Subprotocol,
  ) {}

  /** Accepts the handshake of a call of which all is known but its messages. Throws what is wrong with it. */
  begin(handshake: Handshake): void {
    const plan = planCall(this.route, this.reply, this.protocol.form);
    const frames = handshake.accept(this.protocol.name, { message: messageLimitOf(this.route) }, this);
    if (frames !== undefined) this.#run(plan, frames);
  }

  /** Accepts a handshake whose metadata is still to come: who may, and all else, is found out then. Throws if too many wait. */
  beginWithMetadata(handshake: Handshake): void {
    const { route, reply, protocol } = this;
    route.admitSite(reply.request);
    const wait = new MetadataWait(route.metadataFrames, reply.exchange, (e) => this.#refuse(e));
    const frames = handshake.accept(protocol.name, { message: messageLimitOf(route), first: MetadataWait.mostBytes }, this);
    if (frames === undefined) return;
    this.#frames = frames;
    this.#metadata = wait;
    wait.start((bytes) => {
      for (const [name, value] of route.metadataFrames.read(bytes, reply.request.headers)) handshake.addHeader(name, value);
      this.#metadata = undefined;
      this.#run(planCall(route, reply, protocol.form), frames);
    });
  }

  message(bytes: Uint8Array, binary: boolean): void {
    if (this.reply.exchange.over) return;
    try {
      if (this.#metadata === undefined) this.#items?.message(bytes, binary);
      else this.#metadata.message(bytes, binary);
    } catch (e) {
      this.route.fault(e, callOf(this.route.binding.method.name, this.reply.request));
      this.#frames?.close(CLOSE_FAULT.code, CLOSE_FAULT.reason);
    }
  }

  drained(): void {
    this.#answer?.drained();
  }

  #run({ form, start }: CallPlan, frames: Frames): void {
    this.#frames = frames;
    const items = new FrameItems(frames, form.takes);
    const answer = new WebSocketAnswer(this.route, this.reply, frames, form);
    this.#items = items;
    this.#answer = answer;
    start(answer, items);
  }

  #refuse(error: GatewayError): void {
    if (this.#frames !== undefined) closeWith(error, this.#frames, this.reply, this.route);
  }
}
