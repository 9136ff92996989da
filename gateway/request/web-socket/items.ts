import { badRequest } from '../../exchange/errors.js';
import type { Frames } from '../../exchange/handshake.js';
import type { ItemSink, ItemSource } from '../items.js';

/** Items that are given in one turn of the event loop: ten thousand of them may come in one read. */
const MOST_AT_A_TIME = 256;

/** What the messages of a client may be: all text, all binary, or either. */
export type FrameKind = 'text' | 'binary' | 'any';

interface Message {
  readonly bytes: Uint8Array;
  readonly binary: boolean;
}

/**
 * The items of a client stream as messages of a WebSocket, one each; an empty text says that nothing more comes, which closing it cannot say without an
 * end of all. While it pauses, what has been read waits, which is no more than one read, and its client is held back.
 */
export class FrameItems implements ItemSource {
  #sink: ItemSink | undefined;
  #waiting: Message[] = [];
  #next = 0;
  #given = 0;
  #paused = true;
  #stopped = false;
  #turn: NodeJS.Immediate | undefined;

  constructor(
    private readonly frames: Pick<Frames, 'pause' | 'resume'>,
    private readonly kind: FrameKind,
  ) {}

  start(sink: ItemSink): void {
    this.#sink = sink;
    this.#paused = false;
    if (this.#waiting.length > 0) this.#wait();
  }

  pause(): void {
    this.#paused = true;
    if (!this.#stopped) this.frames.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#waiting.length > 0) this.#give();
    else if (!this.#stopped) this.frames.resume();
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
    clearImmediate(this.#turn);
    // Its client is to be heard when it leaves.
    this.frames.resume();
  }

  /** A message has come. */
  message(bytes: Uint8Array, binary: boolean): void {
    if (this.#stopped) return;
    if (this.#paused || this.#turn !== undefined || this.#given >= MOST_AT_A_TIME) {
      this.#waiting.push({ bytes, binary });
      this.#wait();
      return;
    }
    if (this.#given === 0) setImmediate(this.#rest);
    this.#given += 1;
    this.#take(bytes, binary);
  }

  readonly #rest = (): void => {
    this.#given = 0;
  };

  /** Lets all others have their turn. */
  #wait(): void {
    this.frames.pause();
    if (!this.#paused) this.#turn ??= setImmediate(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    this.#turn = undefined;
    this.#give();
  };

  /** Gives what has come, until it is to pause. */
  #give(): void {
    if (this.#turn !== undefined) return;
    for (let i = 0; !this.#paused && !this.#stopped; i += 1) {
      const message = this.#waiting[this.#next];
      if (message === undefined) {
        this.#waiting = [];
        this.#next = 0;
        this.frames.resume();
        return;
      }
      if (i === MOST_AT_A_TIME) {
        this.#wait();
        return;
      }
      this.#next += 1;
      this.#take(message.bytes, message.binary);
    }
  }

  #take(bytes: Uint8Array, binary: boolean): void {
    if (!binary && bytes.length === 0) {
      this.stop();
      this.#sink?.end();
    } else if (this.kind !== 'any' && binary !== (this.kind === 'binary')) {
      this.stop();
      this.#sink?.fail(badRequest('', `The messages of this subprotocol are ${this.kind}.`));
    } else this.#sink?.item(bytes);
  }
}
