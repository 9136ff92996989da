import { JsonError } from '../json/codec.js';
import { Carry, ItemTooLarge, type Splitter } from '../split.js';

/** Bytes of the longest varint that is a length of less than 2 GiB. */
const LONGEST = 5;

/**
 * Cuts a byte stream into messages in wire form, each behind its length as a varint: what `writeDelimitedTo` writes in Java, `protodelim` in Go, and
 * https://protobuf.dev/programming-guides/techniques/#streaming has in mind.
 *
 * @param maxItem largest message, bytes
 */
export function createDelimitedSplitter(maxItem: number): Splitter {
  return new DelimitedSplitter(maxItem);
}

class DelimitedSplitter implements Splitter {
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  readonly #carry: Carry;
  /** Of the length that is being read: its bytes so far, and its value. */
  #lengthBytes = 0;
  #length = 0;
  /** Bytes of the message that have not come; -1: its length has not. */
  #missing = -1;

  constructor(private readonly maxItem: number) {
    this.#carry = new Carry(maxItem);
  }

  get kept(): number {
    return this.#carry.length;
  }

  push(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  next(): Uint8Array | undefined {
    if (this.#missing === -1 && !this.#readLength()) return undefined;
    const from = this.#at;
    const end = Math.min(from + this.#missing, this.#chunk.length);
    const bytes = this.#chunk.subarray(from, end);
    this.#at = end;
    this.#missing -= end - from;
    if (this.#missing > 0) {
      this.#carry.keep(bytes);
      return undefined;
    }
    this.#missing = -1;
    return this.#carry.complete(bytes);
  }

  end(): void {
    this.push(new Uint8Array(0));
    if (this.#missing !== -1 || this.#lengthBytes > 0) throw new JsonError('', 'the message is cut off');
  }

  #readLength(): boolean {
    while (this.#at < this.#chunk.length) {
      const byte = this.#chunk[this.#at] ?? 0;
      this.#at += 1;
      this.#length += (byte & 0x7f) * 2 ** (7 * this.#lengthBytes);
      this.#lengthBytes += 1;
      if (byte >= 0x80) {
        if (this.#lengthBytes === LONGEST) throw new JsonError('', 'the length of the message is malformed');
        continue;
      }
      if (this.#length > this.maxItem) throw new ItemTooLarge(this.maxItem);
      this.#missing = this.#length;
      this.#length = 0;
      this.#lengthBytes = 0;
      return true;
    }
    return false;
  }
}
