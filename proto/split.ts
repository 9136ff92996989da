/** Cuts a byte stream, which comes in chunks cut anywhere, into items. Errors of the sender are {@link JsonError}s and {@link ItemTooLarge}. */
export interface Splitter {
  /** Bytes that are kept of an item that is not complete. */
  readonly kept: number;
  /** The chunk before must have been taken apart, and this one must not change until it is. */
  push(chunk: Uint8Array): void;
  /** The next whole item, until `next` or `push` is called again; undefined until more is pushed. */
  next(): Uint8Array | undefined;
  /** Nothing more comes. Throws if an item is incomplete; what is complete only now can be had by `next`. */
  end(): void;
}

/** An item has more bytes than it may. */
export class ItemTooLarge extends Error {
  override readonly name = 'ItemTooLarge';

  constructor(readonly limit: number) {
    super(`is larger than ${limit} bytes`);
  }
}

const NOTHING = new Uint8Array(0);

/** Most bytes of room that is kept for the next item. */
const MOST_KEPT = 64 * 1024;

/** The bytes of an item that came in earlier chunks, in room of at most twice their number. */
export class Carry {
  #room: Uint8Array = NOTHING;
  length = 0;

  /** @param most largest item, bytes; of a larger one {@link ItemTooLarge} is thrown */
  constructor(private readonly most: number) {}

  /** The item goes on with these bytes, and is not complete. */
  keep(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (length > this.most) throw new ItemTooLarge(this.most);
    if (length > this.#room.length) this.#widen(length);
    this.#room.set(bytes, this.length);
    this.length = length;
  }

  /** The whole item, which ends with these bytes; it must not be used behind the next call. */
  complete(bytes: Uint8Array): Uint8Array {
    if (this.length === 0) {
      if (bytes.length > this.most) throw new ItemTooLarge(this.most);
      return bytes;
    }
    this.keep(bytes);
    const item = this.#room.subarray(0, this.length);
    this.length = 0;
    if (this.#room.length > MOST_KEPT) this.#room = NOTHING;
    return item;
  }

  #widen(length: number): void {
    const room = new Uint8Array(Math.min(Math.max(length, 2 * this.#room.length, 256), this.most));
    room.set(this.#room.subarray(0, this.length));
    this.#room = room;
  }
}
