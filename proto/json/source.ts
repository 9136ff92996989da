/** Zero bytes behind the input: a read a few bytes past its end is harmless, and 0 is never part of JSON text. */
const PADDING = 32;
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
    this.#ensure(input.length);
    this.bytes.set(input);
    this.bytes.fill(0, input.length, input.length + PADDING);
    this.length = input.length;
  }

  /** Appends a copy of `bytes[start, end)`, itself part of the source, and returns where it begins. Positions below stay valid. */
  duplicate(start: number, end: number): number {
    const at = this.length;
    const before = this.bytes;
    this.#ensure(at + end - start);
    if (before !== this.bytes) this.bytes.set(before.subarray(0, at));
    this.bytes.copyWithin(at, start, end);
    this.length = at + end - start;
    this.bytes.fill(0, this.length, this.length + PADDING);
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
