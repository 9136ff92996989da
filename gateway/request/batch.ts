/** Pieces that are kept as they came: more of them are copied into one buffer, so that a million small ones cost no more than their bytes. */
const MOST_PIECES = 16;

/** Bytes that gather until they are taken as one piece, in memory of at most twice their number. */
export class Batch {
  length = 0;
  #pieces: Uint8Array[] = [];
  #merged: Buffer | undefined;
  #fill = 0;

  /** @param most the bytes will not be more, so that no room is made for more; default no limit */
  constructor(private readonly most = Number.POSITIVE_INFINITY) {}

  /** The bytes must not change until they are taken. */
  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.length += piece.length;
    if (this.#pieces.length > MOST_PIECES) this.#merge();
  }

  take(): Uint8Array {
    const { length } = this;
    if (this.#merged !== undefined) this.#merge();
    const pieces = this.#pieces;
    const merged = this.#merged;
    this.#pieces = [];
    this.#merged = undefined;
    this.#fill = 0;
    this.length = 0;
    if (merged !== undefined) return merged.subarray(0, length);
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces, length);
  }

  #merge(): void {
    let merged = this.#merged;
    if (merged === undefined || merged.length < this.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.length, Math.min(2 * this.length, this.most)));
      merged?.copy(larger, 0, 0, this.#fill);
      merged = larger;
      this.#merged = merged;
    }
    for (const piece of this.#pieces) {
      merged.set(piece, this.#fill);
      this.#fill += piece.length;
    }
    this.#pieces.length = 0;
  }
}
