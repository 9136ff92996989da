import { Socket } from 'node:net';

/** A socket without a network: keeps what is written to it. */
export class Wire extends Socket {
  private written: Buffer[] = [];
  ended = false;

  override write(chunk: Uint8Array | string): boolean {
    // The writer uses its buffer again.
    if (!this.ended) this.written.push(Buffer.from(chunk));
    return true;
  }

  // Without a handle these wait for it, listener by listener.
  override ref(): this {
    return this;
  }

  override unref(): this {
    return this;
  }

  override destroySoon(): void {
    this.ended = true;
  }

  /** What was written since it was last asked. */
  taken(): Buffer {
    const all = Buffer.concat(this.written);
    this.written = [];
    return all;
  }
}
