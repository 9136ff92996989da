import { JsonError } from '../../proto/json/codec.js';
import { ItemTooLarge } from '../../proto/split.js';
import { badRequest, GatewayError, ownError } from '../exchange/errors.js';
import { Refusal } from '../exchange/refusal.js';
import type { Call } from '../upstream/call.js';
import type { ItemSink, ItemSource } from './items.js';

/** Who answers the request that a client stream came with. */
export interface UploadOwner {
  /** An item was sent to the upstream. */
  moved(): void;
  /** All of them were: nothing more comes of the client. */
  sent(): void;
  /** The client's stream is wrong: its call is to be cancelled, and this answered. */
  refuse(error: GatewayError): void;
  /** The same for what nobody expected to be thrown. */
  crash(error: unknown): void;
}

/** Makes one message of the bytes of an item. Throws `JsonError`. */
export type MessageOf = (item: Uint8Array) => Uint8Array;

/** Binds a client's stream to the call that it is for: one message an item, no faster than the upstream takes them, and none behind one that is wrong. */
export class Upload implements ItemSink {
  #count = 0;
  #over = false;
  #held = false;

  /** @param maxItems most items */
  constructor(
    private readonly call: Call,
    private readonly source: ItemSource,
    private readonly messageOf: MessageOf,
    private readonly maxItems: number,
    private readonly owner: UploadOwner,
  ) {}

  /** More may come. */
  get open(): boolean {
    return !this.#over;
  }

  /** The upstream does not take what the client sends. */
  get held(): boolean {
    return this.#held && !this.#over;
  }

  start(): void {
    this.source.start(this);
  }

  /** The upstream takes more. */
  drained(): void {
    this.#held = false;
    if (!this.#over) this.source.resume();
  }

  /** Nothing more is wanted of the client. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.source.stop();
  }

  item(bytes: Uint8Array): void {
    if (this.#over) return;
    try {
      if (this.#count >= this.maxItems) throw new Refusal('field', '', `the stream has more than ${this.maxItems} items`);
      const message = this.messageOf(bytes);
      this.#count += 1;
      this.owner.moved();
      if (this.call.send(message)) return;
      this.#held = true;
      this.source.pause();
    } catch (e) {
      this.fail(e);
    }
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.call.halfClose();
    this.owner.sent();
  }

  fail(error: unknown): void {
    if (this.#over) return;
    this.stop();
    const refusal = refusalOf(error, this.#count);
    if (refusal === undefined) this.owner.crash(error);
    else this.owner.refuse(refusal);
  }
}

/** What a client is told of its item with that index; undefined: it is not the client's fault. */
function refusalOf(error: unknown, index: number): GatewayError | undefined {
  const at = `[${index}]`;
  if (error instanceof GatewayError) return error;
  if (error instanceof JsonError) return badRequest(pathIn(at, error.path), error.reason);
  if (error instanceof ItemTooLarge) return ownError(413, `${at}: ${error.message}`);
  return error instanceof Refusal ? badRequest(pathIn(at, error.field), error.reason) : undefined;
}

function pathIn(item: string, path: string): string {
  return path === '' || path.startsWith('[') ? item + path : `${item}.${path}`;
}
