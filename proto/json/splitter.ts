/** Cuts a byte stream into JSON values: NDJSON, concatenated values, or one JSON array. Values are cut, not checked. */
export interface Splitter {
  push(chunk: Uint8Array): void;
  /** The next whole value, or undefined until more is pushed. */
  next(): Uint8Array | undefined;
  /** No more input. Throws {@link JsonError} if a value is incomplete. */
  end(): void;
}
