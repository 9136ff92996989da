import { LENGTH, VARINT } from './wire.js';

const utf8 = new TextEncoder();

/** Writes wire bytes, for work at load time (descriptors, options). The request path writes through the codec's sinks. */
export class WireWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  tag(number: number, wireType: number): this {
    return this.uint32(((number << 3) | wireType) >>> 0);
  }

  uint32(value: number): this {
    const bytes = this.#reserve(5);
    while (value > 0x7f) {
      bytes[this.#length++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    bytes[this.#length++] = value;
    return this;
  }

  /** A varint of up to 64 bits; negative values as their two's complement, ten bytes. */
  int64(value: bigint): this {
    const bytes = this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    bytes[this.#length++] = Number(rest);
    return this;
  }

  /** Length-delimited content: `tag(n, LENGTH)` must have been written. */
  bytes(value: Uint8Array): this {
    this.uint32(value.length);
    return this.raw(value);
  }

  string(value: string): this {
    return this.bytes(utf8.encode(value));
  }

  raw(value: Uint8Array): this {
    this.#reserve(value.length).set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A varint field, an int32 or enum as protobuf writes it: negative ones sign-extended. */
  varintField(number: number, value: number | bigint | boolean): this {
    return this.tag(number, VARINT).int64(BigInt(value));
  }

  bytesField(number: number, value: Uint8Array | string): this {
    this.tag(number, LENGTH);
    return typeof value === 'string' ? this.string(value) : this.bytes(value);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): Uint8Array {
    const needed = this.#length + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}
