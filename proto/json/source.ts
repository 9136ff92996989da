/** Room behind the input: a read a few bytes past its end is harmless. The first eight bytes are 0, which is never part of JSON text. */
const PADDING = 32;
/** Below this a loop copies faster than a call of the built-in. */
const SMALL = 96;
/** Capacity kept between requests. */
const KEPT = 1 << 20;

/**
 * The input of a parser or printer, copied into an array of our own: aligned, so that it can be searched by words; padded, so that most reads need
 * no check of their own; always the same kind of array, which is what makes reading it fast. The copy costs 1 % of the work.
 */
export class Source {
  bytes = new Uint8Array(8192);
  /** The same memory, four bytes at a time. */
  words = new Uint32Array(this.bytes.buffer);
  view = new DataView(this.bytes.buffer);
  length = 0;

  load(input: Uint8Array): void {
    const { length } = input;
    this.#ensure(length);
    const bytes = this.bytes;
    if (length > SMALL) bytes.set(input);
    else for (let at = 0; at < length; at++) bytes[at] = input[at] as number;
    this.view.setFloat64(length, 0);
    this.length = length;
  }

  /** Appends a copy of `bytes[start, end)`, itself part of the source, and returns where it begins. Positions below stay valid. */
  duplicate(start: number, end: number): number {
    const at = this.length;
    const before = this.bytes;
    this.#ensure(at + end - start);
    if (before !== this.bytes) this.bytes.set(before.subarray(0, at));
    this.bytes.copyWithin(at, start, end);
    this.length = at + end - start;
    this.view.setFloat64(this.length, 0);
    return at;
  }

  /** After use: gives back the memory of a large input. */
  release(): void {
    if (this.bytes.length <= KEPT) return;
    this.#allocate(8192);
  }

  #ensure(length: number): void {
    if (length + PADDING <= this.bytes.length) return;
    this.#allocate(Math.ceil(Math.max(length + PADDING, this.bytes.length * 2) / 4) * 4);
  }

  #allocate(capacity: number): void {
    this.bytes = new Uint8Array(capacity);
    this.words = new Uint32Array(this.bytes.buffer);
    this.view = new DataView(this.bytes.buffer);
  }
}
