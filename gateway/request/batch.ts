/** Bytes that gather until they are taken as one piece. */
export class Batch {
  length = 0;
  #pieces: Uint8Array[] = [];

  /** The bytes must not change until they are taken. */
  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.length += piece.length;
  }

  take(): Uint8Array {
    const { length } = this;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.length = 0;
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces, length);
  }
}
