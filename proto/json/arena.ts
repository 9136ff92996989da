import { encode } from './ascii.js';
import type { Sink } from './codec.js';
import { copyOf } from './recycling.js';

/** A text that is written often: its bytes as little-endian words, the last one filled up. */
export interface FixedText {
  readonly length: number;
  readonly words: Int32Array;
  /** The bits of the last word that are text. */
  readonly lastMask: number;
}

/** Encodes a text once, to be written many times. */
export function fixedText(text: string): FixedText {
  const bytes = encode(text);
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  const words = Int32Array.from({ length: padded.length / 4 }, (_, i) => view.getInt32(i * 4, true));
  return { length: bytes.length, words, lastMask: (-1 >>> ((padded.length - bytes.length) * 8)) | 0 };
}

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
const SHARED = 4096;
const SLAB = 32_768;
/** An output that passes its limit is found out within so many bytes. */
const MARGIN = 65_536;

let slab = new Uint8Array(SLAB);
let slabUsed = 0;

/**
 * The sink: one growing array, reused across requests.
 *
 * Writers call `reserve(n)` and then write up to n bytes into `bytes` at `length`, moving `length` themselves; `reserve` may replace `bytes`.
 */
export class Arena implements Sink {
  bytes: Uint8Array = new Uint8Array(4096);
  /** The same memory, for writes of several bytes. */
  view = new DataView(this.bytes.buffer);
  length = 0;
  /** How far `length` may go for now. Looked at where the array grows, and in `check`: what is written beyond is little and is dropped. */
  #most: number;

  /** @param limit largest output in bytes; passing it throws {@link SinkFull} */
  constructor(readonly limit: number) {
    this.#most = limit;
  }

  /** From here on at most so many bytes more; until `bound()`. */
  bound(bytes = Number.POSITIVE_INFINITY): void {
    this.#most = Math.min(this.limit, this.length + bytes);
  }

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

  /** Appends a text known when a plan was compiled, four bytes at a time. */
  fixed(text: FixedText): void {
    const { words, length } = text;
    this.reserve(length + 4);
    const view = this.view;
    let at = this.length;
    this.length = at + length;
    for (let i = 0; i < words.length; i++, at += 4) view.setInt32(at, words[i] as number, true);
  }

  byte(value: number): void {
    const bytes = this.reserve(1);
    bytes[this.length++] = value;
  }

  /** Throws {@link SinkFull} if more than the limit was written. */
  check(): void {
    if (this.length > this.#most) throw new SinkFull(this.#most);
  }

  take(): Uint8Array {
    const copy = this.#copied();
    this.reset();
    return copy;
  }

  reset(): void {
    this.length = 0;
    if (this.bytes.length > KEPT) this.#use(new Uint8Array(KEPT));
  }

  #copied(): Uint8Array {
    const { bytes, length } = this;
    if (length > SHARED) return copyOf(bytes, length);
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
    const most = this.#most;
    if (this.length > most || needed > 2 * most + MARGIN) throw new SinkFull(most);
    const grown = new Uint8Array(Math.max(needed, Math.min(this.bytes.length * 2, most + MARGIN)));
    grown.set(this.bytes.subarray(0, this.length));
    this.#use(grown);
    return grown;
  }

  #use(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
