/** Takes the messages of a client stream, in order. After {@link end} or {@link fail} nothing comes any more. */
export interface ItemSink {
  /** JSON text, or the wire form, of one message. The bytes may be reused as soon as this returns. */
  item(bytes: Uint8Array): void;
  /** All of them have come. */
  end(): void;
  /** No more can come: what was sent is no stream of items, or its client does not send. */
  fail(error: unknown): void;
}

/** Where the messages of a client stream come from: a body that is split, or frames of a WebSocket. */
export interface ItemSource {
  /** Once. Nothing is given before this has returned. */
  start(sink: ItemSink): void;
  /** Gives nothing more until {@link resume}, also of what has come already; its client is held back. */
  pause(): void;
  resume(): void;
  /** Nothing more is wanted: whatever comes is of no account. May be called at any time, also after the end. */
  stop(): void;
}
