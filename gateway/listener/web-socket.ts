import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { Code } from '../exchange/code.js';
import type { FrameEvents, FrameLimits, Frames } from '../exchange/handshake.js';

/** What an operator says of all WebSockets. */
export interface WebSocketSettings {
  /** Silence of a client after which it is asked for a sign of life, and after the same time without one cut off, ms; 0 = never. */
  readonly heartbeatMs: number;
  /** Frames a second that a client may send before it is held back. */
  readonly maxFrames: number;
}

/** Bytes that may wait for a client before it counts as one that does not read. */
const AHEAD = 64 * 1024;
/** The closing code of an endpoint whose peer has not sent one, or has broken the protocol (RFC 6455 section 7.1.5). */
const ABNORMAL = 1006;
/** Of a limit that the closing codes of calls have no part in: 4000 + RESOURCE_EXHAUSTED. */
const TOO_MUCH = 4000 + Code.RESOURCE_EXHAUSTED;

const TEXT = { binary: false };
const BINARY = { binary: true };

/** A WebSocket whose protocol `ws` does: with bounds, signs of life, and frames of one turn of the event loop in one write. */
export class OpenWebSocket implements Frames {
  /** This side has begun to close it. */
  #closing = false;
  #over = false;
  #corked = false;
  #paused = false;
  /** Until a client may send again that has sent more than it may. */
  #heldBack: NodeJS.Timeout | undefined;
  #countedFrom = performance.now();
  #frames = 0;
  #heartbeat: NodeJS.Timeout | undefined;
  #bytesRead = 0;
  #asked = false;
  /** The last ping that waits for room: one pong answers all before it (RFC 6455 section 5.5.3). */
  #unanswered: Buffer | undefined;

  /**
   * @param socket on which `ws` is
   * @param over called once, when nothing more comes or goes; `whole`: both sides have said so, this one first
   */
  constructor(
    private readonly ws: WebSocket,
    private readonly socket: Socket,
    private readonly limits: FrameLimits & WebSocketSettings,
    private readonly events: FrameEvents,
    private readonly over: (whole: boolean) => void,
  ) {
    ws.on('message', this.#onMessage);
    ws.on('ping', this.#onPing);
    ws.on('pong', () => this.#count());
    // It has broken the protocol, or a limit; `ws` tells it so.
    ws.on('error', () => this.#end(false));
    ws.on('close', (code) => this.#onClose(code));
    socket.on('drain', this.#onDrain);
    // Its client has left without a word.
    socket.once('end', () => ws.terminate());
    if (limits.first !== undefined) this.#boundFirst(limits.first);
    if (limits.heartbeatMs > 0) this.#heartbeat = setInterval(() => this.#beat(), limits.heartbeatMs);
  }

  send(message: Uint8Array, binary: boolean): boolean {
    const { ws, socket } = this;
    if (this.#closing || ws.readyState !== ws.OPEN) return true;
    if (!this.#corked) {
      this.#corked = true;
      socket.cork();
      process.nextTick(this.#uncork);
    }
    ws.send(message, binary ? BINARY : TEXT);
    return socket.writableLength < AHEAD;
  }

  get stalled(): boolean {
    return this.socket.writableLength > 0;
  }

  pause(): void {
    this.#paused = true;
    this.ws.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#heldBack === undefined) this.ws.resume();
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#readOn();
    this.ws.close(code, reason);
  }

  /** Closes it, and nothing more of it is of any account. */
  leave(code: number, reason: string): void {
    this.close(code, reason);
    this.#end(false);
  }

  cut(): void {
    this.ws.terminate();
  }

  readonly #onMessage = (data: unknown, binary: boolean): void => {
    this.#count();
    this.events.message(data as Uint8Array, binary);
  };

  readonly #onPing = (data: Buffer): void => {
    this.#count();
    if (this.socket.writableNeedDrain) this.#unanswered = data;
    else this.#answer(data);
  };

  readonly #onDrain = (): void => {
    if (this.#unanswered !== undefined) this.#answer(this.#unanswered);
    this.events.drained();
  };

  #answer(ping: Buffer): void {
    this.#unanswered = undefined;
    if (!this.#closing) this.ws.pong(ping);
  }

  readonly #uncork = (): void => {
    this.#corked = false;
    this.socket.uncork();
  };

  /** Counts a frame; what comes of those that have been read already is not held back. */
  #count(): void {
    this.#frames += 1;
    if (this.#frames < this.limits.maxFrames || this.#heldBack !== undefined) return;
    const left = this.#countedFrom + 1000 - performance.now();
    if (left > 0 && !this.#closing) {
      this.ws.pause();
      this.#heldBack = setTimeout(() => this.#countAnew(), left);
    } else this.#countAnew();
  }

  #countAnew(): void {
    clearTimeout(this.#heldBack);
    this.#heldBack = undefined;
    this.#frames = 0;
    this.#countedFrom = performance.now();
    if (!this.#paused) this.ws.resume();
  }

  /** Whatever comes is of no account but the other side's closing frame. */
  #readOn(): void {
    this.#paused = false;
    this.#countAnew();
  }

  /** A proxy may hold a client for alive that is not; one that has much to read answers late. */
  #beat(): void {
    const { ws, socket } = this;
    const isSilent = socket.bytesRead === this.#bytesRead;
    this.#bytesRead = socket.bytesRead;
    if (!isSilent || socket.isPaused()) {
      this.#asked = false;
      return;
    }
    if (this.#asked && !this.stalled) ws.terminate();
    else if (!this.#asked && ws.readyState === ws.OPEN) {
      this.#asked = true;
      ws.ping();
    }
  }

  #boundFirst(most: number): void {
    const { ws, socket } = this;
    let left = most;
    const count = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left >= 0 || this.#closing) return;
      socket.off('data', count);
      this.leave(TOO_MUCH, 'The first message is too large.');
    };
    socket.on('data', count);
    ws.once('message', () => {
      socket.off('data', count);
      left = Number.POSITIVE_INFINITY;
    });
  }

  #onClose(code: number): void {
    clearTimeout(this.#heldBack);
    clearInterval(this.#heartbeat);
    this.#end(this.#closing && code !== ABNORMAL);
  }

  #end(whole: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.over(whole);
  }
}
