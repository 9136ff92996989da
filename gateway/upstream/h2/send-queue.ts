/** Request bytes that wait for a window, in order. Messages carry their five bytes in front. */
export class SendQueue {
  private readonly chunks: Uint8Array[] = [];
  private offset = 0;
  /** Bytes that wait. */
  length = 0;

  /** Keeps `b`, which must not change. */
  push(b: Uint8Array): void {
    if (b.length === 0) return;
    this.chunks.push(b);
    this.length += b.length;
  }

  /** Moves the first `n` bytes, which must be there. */
  take(to: Buffer, pos: number, n: number): void {
    this.length -= n;
    while (n > 0) {
      const chunk = this.chunks[0];
      if (chunk === undefined) return;
      const part = Math.min(n, chunk.length - this.offset);
      to.set(chunk.subarray(this.offset, this.offset + part), pos);
      pos += part;
      n -= part;
      this.offset += part;
      if (this.offset < chunk.length) return;
      this.chunks.shift();
      this.offset = 0;
    }
  }

  clear(): void {
    this.chunks.length = 0;
    this.offset = 0;
    this.length = 0;
  }
}

/** The five bytes in front of a message, uncompressed. */
export function messageHead(length: number): Buffer {
  const head = Buffer.allocUnsafe(5);
  head[0] = 0;
  head.writeUInt32BE(length, 1);
  return head;
}
