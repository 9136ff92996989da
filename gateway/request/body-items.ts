import type { Readable } from 'node:stream';
import type { Splitter } from '../../proto/split.js';
import { badRequest } from '../exchange/errors.js';
import type { Decoder } from './decompress.js';
import { discard } from './discard.js';
import type { Holding } from './held-bytes.js';
import { crowded, incompletes } from './incomplete.js';
import type { ItemSink, ItemSource } from './items.js';

/** Items that are given in one turn of the event loop: ten thousand of them may come in one chunk. */
const MOST_AT_A_TIME = 256;

/** The items of a request body that is cut as it comes. While it pauses nothing is read, and the client's socket fills up. */
export class BodyItems implements ItemSource {
  #sink: ItemSink | undefined;
  #paused = false;
  /** There may be items in what has come. */
  #pending = false;
  #ended = false;
  #closed = false;
  #giving = false;
  #waits = false;
  #stopped = false;
  /** Of an item that is not complete. */
  #held: Holding | undefined;

  /** What undoes the content coding of the body, if it has one. */
  #decoder: Decoder | undefined;
  /** The body, decoded. */
  #plain: Readable;
  /** Bytes of the body that have come, where it has a coding. */
  #received = 0;

  /** @param createDecoder makes what undoes its content coding, if it has one */
  constructor(
    private readonly body: Readable,
    private readonly createDecoder: (() => Decoder) | undefined,
    private readonly splitter: Splitter,
  ) {
    this.#plain = body;
  }

  start(sink: ItemSink): void {
    this.#sink = sink;
    const { body } = this;
    body.on('error', this.#onBroken).on('close', this.#onClose);
    this.#decode();
    this.#plain.on('end', this.#onEnd).on('data', this.#onData);
  }

  pause(): void {
    this.#paused = true;
    this.#plain.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#stopped) return;
    if (this.#pending || this.#ended) this.#give();
    else this.#plain.resume();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#release();
    // A body that nobody has begun to read is none of our business.
    if (this.#sink === undefined) return;
    const { body } = this;
    this.#plain.off('end', this.#onEnd).off('data', this.#onData);
    if (this.#decoder !== undefined) {
      body.unpipe(this.#decoder).off('data', this.#onCoded);
      this.#decoder.destroy();
    }
    discard(body);
  }

  #decode(): void {
    const decoder = this.createDecoder?.();
    if (decoder === undefined) return;
    this.#decoder = decoder;
    this.#plain = decoder;
    decoder.on('error', this.#onUndecodable);
    this.body.on('data', this.#onCoded).pipe(decoder);
  }

  /** Gives what has come, until it is to pause. */
  #give(): void {
    if (this.#giving || this.#waits) return;
    this.#giving = true;
    try {
      for (let i = 0; !this.#paused && !this.#stopped; i += 1) {
        if (i === MOST_AT_A_TIME) {
          this.#wait();
          break;
        }
        const item = this.splitter.next();
        if (item !== undefined) {
          this.#release();
          this.#sink?.item(item);
        } else if (this.#takeNext()) break;
      }
    } catch (e) {
      this.#fail(e);
    }
    this.#giving = false;
  }

  /** Nothing is left of what has come; answers true if there is nothing to do until more comes. */
  #takeNext(): boolean {
    this.#pending = false;
    if (!this.#ended) {
      this.#hold(this.splitter.kept);
      if (this.#plain.isPaused()) this.#plain.resume();
      return true;
    }
    if (!this.#closed) {
      this.#closed = true;
      this.splitter.end();
      return false;
    }
    this.#finish();
    return true;
  }

  /** So many bytes wait for the rest of their item. */
  #hold(bytes: number): void {
    if (bytes === 0) return;
    if (this.#held === undefined) this.#held = incompletes.hold(bytes, () => this.#fail(crowded()));
    else incompletes.grow(this.#held, bytes - this.#held.bytes);
  }

  #release(): void {
    if (this.#held === undefined) return;
    incompletes.release(this.#held);
    this.#held = undefined;
  }

  /** Lets all others have their turn. */
  #wait(): void {
    this.#waits = true;
    this.#plain.pause();
    setImmediate(() => {
      this.#waits = false;
      this.#give();
    });
  }

  #finish(): void {
    this.#stopped = true;
    this.#sink?.end();
  }

  #fail(e: unknown): void {
    if (this.#stopped) return;
    this.stop();
    this.#sink?.fail(e);
  }

  readonly #onData = (chunk: Uint8Array): void => {
    this.splitter.push(chunk);
    this.#pending = true;
    this.#give();
  };

  readonly #onCoded = (chunk: Uint8Array): void => {
    this.#received += chunk.length;
  };

  readonly #onEnd = (): void => {
    // A decoder ends where its format does; bytes behind that would be lost.
    if (this.#decoder !== undefined && this.#decoder.bytesWritten !== this.#received) this.#onUndecodable();
    this.#ended = true;
    if (!this.#pending && !this.#paused) this.#give();
  };

  readonly #onBroken = (): void => this.#fail(badRequest('', 'The request body could not be read.'));

  readonly #onClose = (): void => {
    if (!this.body.readableEnded) this.#fail(badRequest('', 'The request body is incomplete.'));
  };

  readonly #onUndecodable = (): void => this.#fail(badRequest('content-encoding', 'is not how the request body is compressed'));
}
