import { LENGTH, VARINT } from './wire.js';

const utf8 = new TextEncoder();

/** Writes wire bytes, for work at load time (descriptors, options). The request path writes through the codec's sinks. */
export class WireWriter {
  /** 64 bytes are kept on the heap by V8, which makes small writers cheap. */
  #bytes = new Uint8Array(64);
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

  /** An int32 or enum as protobuf writes it: negative ones sign-extended to ten bytes. */
  int32(value: number): this {
    return value < 0 ? this.int64(BigInt(value)) : this.uint32(value);
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
    this.tag(number, VARINT);
    return typeof value === 'number' && value >= 0 && value <= 0x7fff_ffff ? this.uint32(value) : this.int64(BigInt(value));
  }

  bytesField(number: number, value: Uint8Array | string): this {
    this.tag(number, LENGTH);
    return typeof value === 'string' ? this.string(value) : this.bytes(value);
  }

  /** A length-delimited field with what `write` writes to this same writer: a message, packed values. */
  nestedField(number: number, write: () => void): this {
    this.tag(number, LENGTH);
    this.#reserve(1);
    this.#length += 1;
    const start = this.#length;
    write();
    const end = this.#length;
    const size = end - start;
    // One byte was left for the length; where it needs more, the content moves.
    const more = lengthOfVarint(size) - 1;
    if (more > 0) this.#reserve(more).copyWithin(start + more, start, end);
    this.#length = start - 1;
    this.uint32(size);
    this.#length = end + more;
    return this;
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

function lengthOfVarint(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) length += 1;
  return length;
}
