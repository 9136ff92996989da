import type { Comments } from './token.js';

/**
 * Sorts the comments between two tokens by protoc's rules: the first block of comments belongs to what stands before it (trailing) unless a
 * blank line or a line of code's end separates them, the last one to what stands after it (leading) unless a blank line follows; all
 * others, and those where it is unclear, are detached. Adjacent line comments are one block.
 */
export class CommentSorter {
  #trailing = '';
  #leading = '';
  readonly #detached: string[] = [];
  /** The block that is not placed yet. */
  #pending: string | undefined;
  #pendingIsLines = false;
  #placed = 0;
  #hasTrailing = false;
  #mayTrail = true;

  addLine(text: string): void {
    if (this.#pending !== undefined && !this.#pendingIsLines) this.place();
    this.#pending = (this.#pending ?? '') + text;
    this.#pendingIsLines = true;
  }

  addBlock(text: string): void {
    this.place();
    this.#pending = text;
    this.#pendingIsLines = false;
  }

  /** The pending block is complete and does not belong to the next token. */
  place(): void {
    if (this.#pending === undefined) return;
    if (this.#mayTrail) {
      this.#trailing += this.#pending;
      this.#hasTrailing = true;
      this.#mayTrail = false;
    } else {
      this.#detached.push(this.#pending);
    }
    this.#pending = undefined;
    this.#placed += 1;
  }

  /** Nothing from here on belongs to the earlier token. */
  separate(): void {
    this.#mayTrail = false;
  }

  /** Both tokens are on one line: a single comment between them belongs to neither. */
  detachSingle(): void {
    const count = this.#placed + (this.#pending === undefined ? 0 : 1);
    if (count !== 1) return;
    if (this.#hasTrailing) {
      this.#detached.unshift(this.#trailing);
      this.#trailing = '';
    }
    this.place();
  }

  finish(): Comments {
    this.#leading = this.#pending ?? '';
    return { trailing: this.#trailing, detached: this.#detached, leading: this.#leading };
  }
}
