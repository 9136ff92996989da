const FEW = 32;

/** Unknown outside the process, so that nobody can choose keys that collide. */
const seed = Math.trunc(Math.random() * 0x7fff_ffff);

/**
 * Tells whether a map key came before. Keys are spans of bytes that stay where they are until `clear`; entries are numbered in the order they
 * were added.
 */
export class KeySet {
  #count = 0;
  /** Open addressing: 1 + number of an entry, 0 = free. */
  #slots = new Int32Array(FEW);
  #starts = new Int32Array(FEW);
  #ends = new Int32Array(FEW);
  #hashes = new Int32Array(FEW);

  clear(): void {
    this.#count = 0;
    this.#slots.fill(0);
  }

  /** After use: gives back the memory of a large map. */
  release(): void {
    if (this.#slots.length <= 4096) return;
    this.#count = 0;
    this.#resize(FEW);
  }

  /** Adds `bytes[start, end)`; false if an equal key is there. */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    const before = this.#count;
    return this.number(bytes, start, end) === before;
  }

  /** The number of the key `bytes[start, end)`, which is added if no equal one is there: how many there were before it. */
  number(bytes: Uint8Array, start: number, end: number): number {
    let hash = seed;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ (bytes[at] as number), 0x9e37_79b1);
      hash ^= hash >>> 15;
    }
    if (this.#count * 2 >= this.#slots.length) this.#resize(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let entry = this.#slots[slot] as number; entry !== 0; entry = this.#slots[slot] as number) {
      if (this.#hashes[entry - 1] === hash && this.#equals(entry - 1, bytes, start, end)) return entry - 1;
      slot = (slot + 1) & mask;
    }
    const entry = this.#count++;
    this.#starts[entry] = start;
    this.#ends[entry] = end;
    this.#hashes[entry] = hash;
    this.#slots[slot] = entry + 1;
    return entry;
  }

  #equals(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#starts[entry] as number;
    if ((this.#ends[entry] as number) - at !== end - start) return false;
    for (; start < end; start++, at++) if (bytes[at] !== bytes[start]) return false;
    return true;
  }

  #resize(size: number): void {
    const kept = (from: Int32Array) => {
      const to = new Int32Array(size);
      to.set(from.subarray(0, this.#count));
      return to;
    };
    this.#starts = kept(this.#starts);
    this.#ends = kept(this.#ends);
    this.#hashes = kept(this.#hashes);
    this.#slots = new Int32Array(size);
    for (let entry = 0; entry < this.#count; entry++) {
      let slot = (this.#hashes[entry] as number) & (size - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      this.#slots[slot] = entry + 1;
    }
  }
}
