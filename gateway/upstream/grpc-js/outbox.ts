import type { Channel } from '@grpc/grpc-js';

type GrpcCall = ReturnType<Channel['createCall']>;

/** Bytes that may wait before `send` answers false. */
const LIMIT = 64 * 1024;

/** Request messages on their way into grpc-js, which keeps one waiting message and forgets it for the next one: the others wait here. */
export class Outbox {
  private readonly queue: Buffer[] = [];
  private bytes = 0;
  private busy = false;
  private full = false;
  private closing = false;
  private readonly written = { callback: () => this.next() };

  constructor(
    private readonly grpc: GrpcCall,
    /** Called when a `send` that answered false can go on. */
    private readonly drain: () => void,
  ) {}

  /** Copies `b`; false: full, wait for `drain`. Nothing is sent after `close`. */
  send(b: Uint8Array): boolean {
    if (this.closing) return false;
    const copy = Buffer.from(b);
    this.bytes += copy.length;
    if (this.busy) this.queue.push(copy);
    else this.write(copy);
    this.full = this.bytes > LIMIT;
    return !this.full;
  }

  /** Half-closes behind the last message. */
  close(): void {
    if (this.closing) return;
    this.closing = true;
    if (!this.busy) this.grpc.halfClose();
  }

  /** Forgets what has not been sent. */
  clear(): void {
    this.closing = true;
    this.full = false;
    this.queue.length = 0;
  }

  private write(b: Buffer): void {
    this.busy = true;
    this.bytes -= b.length;
    this.grpc.sendMessageWithContext(this.written, b);
  }

  private next(): void {
    this.busy = false;
    const b = this.queue.shift();
    if (b !== undefined) this.write(b);
    else if (this.closing) this.grpc.halfClose();
    if (!this.full || this.bytes > LIMIT) return;
    this.full = false;
    this.drain();
  }
}
