/**
 * A request whose client wants to go on as a WebSocket (RFC 6455 section 4.2): it can be answered as every other, or be accepted. Nothing of the protocol is
 * wrong with it.
 */
export interface Handshake {
  /** Subprotocols that the client offers, in its order. */
  readonly protocols: readonly string[];
  /** Takes a header as though the client had sent it with the request, where the request is read from now on. */
  addHeader(name: string, value: string): void;
  /** Answers 101, once. `protocol`: one of those that are offered. undefined: the client has left. */
  accept(protocol: string | undefined, limits: FrameLimits, events: FrameEvents): Frames | undefined;
}

/** Bounds of what the client of a WebSocket sends. A message beyond them closes it with 1009 (RFC 6455 section 7.4.1). */
export interface FrameLimits {
  /** Largest message, bytes. */
  readonly message: number;
  /** Most bytes until the first message is whole; default: no other bound. */
  readonly first?: number | undefined;
}

/** What comes of a WebSocket, until its exchange is over. */
export interface FrameEvents {
  /** A whole message; the bytes do not change. It may come while paused: what has been read already. */
  message(bytes: Uint8Array, binary: boolean): void;
  /** The client has taken what {@link Frames.send} answered false to. */
  drained(): void;
}

/** A WebSocket that is open; its exchange ends when it is closed. Everything may be called at any time, without effect after that. */
export interface Frames {
  /** One message; false: wait for `drained`. The bytes must not change. */
  send(message: Uint8Array, binary: boolean): boolean;
  /** The client has not taken what it was sent. */
  readonly stalled: boolean;
  /** Reads nothing more of the client until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Closes it, behind what was sent. `reason`: at most 123 bytes of UTF-8. */
  close(code: number, reason: string): void;
  /** Ends it where it is. */
  cut(): void;
}
