import type { Sink } from './codec.js';

/** A sink is full: the output passes its limit. Printers and parsers turn it into their own errors. */
export class SinkFull extends Error {
  override readonly name = 'SinkFull';
  constructor(readonly limit: number) {
    super(`the output is larger than ${limit} bytes`);
  }
}

/** Capacity kept between requests: one large reply must not hold its memory for ever. */
const KEPT = 1 << 20;
/** Slices up to this size share a slab: a small typed array of its own costs more than its bytes. */
const SHARED = 2048;
const SLAB = 16_384;

let slab = new Uint8Array(SLAB);
let slabUsed = 0;

/**
 * The sink: one growing array, reused across requests.
 *
 * Writers call `reserve(n)` and then write up to n bytes into `bytes` at `length`, moving `length` themselves; `reserve` may replace `bytes`.
 */
export class Arena implements Sink {
  bytes = new Uint8Array(4096);
  length = 0;

  /** @param limit largest output in bytes; passing it throws {@link SinkFull} */
  constructor(readonly limit: number) {}

  /** The array, with room for `count` more bytes. */
  reserve(count: number): Uint8Array {
    return this.length + count <= this.bytes.length ? this.bytes : this.#grow(count);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length).set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Appends `source[start, end)`. A loop beats the built-in copy for the short spans that most are. */
  copy(source: Uint8Array, start: number, end: number): void {
    const bytes = this.reserve(end - start);
    if (end - start > 128) {
      bytes.set(source.subarray(start, end), this.length);
      this.length += end - start;
      return;
    }
    let at = this.length;
    for (; start < end; start++) bytes[at++] = source[start] as number;
    this.length = at;
  }

  byte(value: number): void {
    const bytes = this.reserve(1);
    bytes[this.length++] = value;
  }

  /** Throws {@link SinkFull} if more than the limit was written. */
  check(): void {
    if (this.length > this.limit) throw new SinkFull(this.limit);
  }

  take(): Uint8Array {
    const copy = this.#copied();
    this.reset();
    return copy;
  }

  reset(): void {
    this.length = 0;
    if (this.bytes.length > KEPT) this.bytes = new Uint8Array(KEPT);
  }

  #copied(): Uint8Array {
    const { bytes, length } = this;
    if (length > SHARED) return bytes.slice(0, length);
    if (slabUsed + length > SLAB) {
      slab = new Uint8Array(SLAB);
      slabUsed = 0;
    }
    const copy = slab.subarray(slabUsed, slabUsed + length);
    if (length > 128) copy.set(bytes.subarray(0, length));
    else for (let at = 0; at < length; at++) copy[at] = bytes[at] as number;
    slabUsed += length;
    return copy;
  }

  #grow(count: number): Uint8Array {
    const needed = this.length + count;
    // What is reserved is an upper bound of what is written: the limit is for what stands there already.
    if (this.length > this.limit || needed > 2 * this.limit + 65_536) throw new SinkFull(this.limit);
    const grown = new Uint8Array(Math.max(needed, Math.min(this.bytes.length * 2, 2 * this.limit)));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    return grown;
  }
}
