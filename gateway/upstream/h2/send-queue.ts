/** Octets in front of a message: no compression, and its length (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const HEAD = 5;

/** Request messages that wait for a window, in order. Most calls have one. */
export class SendQueue {
  private first: Uint8Array | undefined;
  private rest: Uint8Array[] | undefined;
  /** Octets of the first message that went out, head included. */
  private offset = 0;
  /** Octets that wait, heads included. */
  length = 0;

  /** Keeps `message`, which must not change. */
  push(message: Uint8Array): void {
    this.length += HEAD + message.length;
    if (this.first === undefined) {
      this.first = message;
    } else {
      this.rest ??= [];
      this.rest.push(message);
    }
  }

  /** Moves the first `n` octets, which must be there. */
  take(to: Buffer, pos: number, n: number): void {
    this.length -= n;
    while (n > 0 && this.first !== undefined) {
      const message = this.first;
      for (; this.offset < HEAD && n > 0; n--) {
        to[pos++] = this.offset === 0 ? 0 : message.length >>> (8 * (HEAD - 1 - this.offset));
        this.offset += 1;
      }
      const from = this.offset - HEAD;
      const part = Math.min(n, message.length - from);
      if (part > 0) to.set(from === 0 && part === message.length ? message : message.subarray(from, from + part), pos);
      this.offset += Math.max(part, 0);
      pos += part;
      n -= part;
      if (this.offset < HEAD + message.length) return;
      this.first = this.rest?.shift();
      this.offset = 0;
    }
  }

  clear(): void {
    this.first = undefined;
    this.rest = undefined;
    this.offset = 0;
    this.length = 0;
  }
}
