/** Whose message it is. */
export interface Receiver {
  /** There is room now. */
  more(): void;
}

/**
 * Large messages that are on their way from one endpoint. All calls at once would have all of theirs in memory; beyond a bound the next ones wait, held
 * back by the windows of their streams. None waits for a client: each that was let in comes as fast as its server sends, or ends with its call.
 */
export class Arriving {
  private bytes = 0;
  private readonly coming = new Map<Receiver, number>();
  private readonly waiting = new Set<Receiver>();

  /** @param most how many bytes may be on their way; a message that is alone may have more */
  constructor(private readonly most: number) {}

  /** Whether a message of that length may come. If not, {@link Receiver.more} is called when there is room. */
  letIn(receiver: Receiver, length: number): boolean {
    if (this.coming.has(receiver)) return true;
    if (this.bytes > 0 && this.bytes + length > this.most) {
      this.waiting.add(receiver);
      return false;
    }
    this.waiting.delete(receiver);
    this.coming.set(receiver, length);
    this.bytes += length;
    return true;
  }

  /** It has come, or does not come any more. May be called again. */
  release(receiver: Receiver): void {
    this.waiting.delete(receiver);
    this.bytes -= this.coming.get(receiver) ?? 0;
    if (!this.coming.delete(receiver)) return;
    for (const next of this.waiting) {
      const before = this.bytes;
      next.more();
      // The first one that has no room is the next one.
      if (this.bytes === before && this.waiting.has(next)) return;
    }
  }
}
