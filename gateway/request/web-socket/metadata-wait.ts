import { asGatewayError } from '../../exchange/as-error.js';
import { type GatewayError, ownError } from '../../exchange/errors.js';
import type { Exchange } from '../../exchange/exchange.js';
import type { MetadataFrames } from './metadata-frames.js';

/** How long the first message may take, ms. */
const LONGEST_MS = 5000;
/** Most bytes of it. */
const MOST_BYTES = 16 * 1024;
/** Of its frame: a head of 8 bytes at most for so many, and the mask is among them (RFC 6455 section 5.2). */
const FRAME_BYTES = 8;

/** The wait for a WebSocket's metadata, by somebody of whom nothing is known: short, of few bytes, and for a place among those who wait. */
export class MetadataWait {
  static readonly mostBytes = MOST_BYTES + FRAME_BYTES;
  readonly #leave: () => void;
  readonly #timer: NodeJS.Timeout;
  #take: ((bytes: Uint8Array) => void) | undefined;

  /** Throws if there is no place. `refuse`: told why it is over, if not by metadata. */
  constructor(
    frames: MetadataFrames,
    exchange: Exchange,
    private readonly refuse: (error: GatewayError) => void,
  ) {
    this.#leave = frames.enter();
    this.#timer = setTimeout(() => this.#refuse(ownError(408, 'The metadata did not arrive in time.')), LONGEST_MS);
    exchange.onEnd(() => this.#end());
  }

  start(take: (bytes: Uint8Array) => void): void {
    this.#take = take;
  }

  /** The first message, and those after it if it was none. */
  message(bytes: Uint8Array, binary: boolean): void {
    const take = this.#take;
    if (take === undefined) return;
    this.#end();
    try {
      if (bytes.length > MOST_BYTES) throw ownError(413, 'The first message is too large.');
      if (binary) throw ownError(400, 'The first message has to be text: the metadata.');
      take(bytes);
    } catch (e) {
      this.refuse(asGatewayError(e));
    }
  }

  #refuse(error: GatewayError): void {
    this.#end();
    this.refuse(error);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#take = undefined;
    this.#leave();
  }
}
