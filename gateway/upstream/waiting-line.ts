import type { Status } from './call.js';
import { localStatus } from './local-status.js';
import type { WaitLimits } from './wait-limits.js';

/** Bytes of requests that may wait; a request that waits alone may have more. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What can wait. */
export interface Waiter {
  /** Bytes that are kept for it. */
  readonly requestBytes: number;
  /** Ends it. */
  abort(status: Status): void;
}

/** Calls that wait for a place at their server, in order. The wait is bounded in number, bytes and time: beyond it they end as not processed. */
export class WaitingLine<T extends Waiter> {
  /** When each came. */
  private readonly line = new Map<T, number>();
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private limits: WaitLimits,
    /** What they wait for, as messages call it. */
    private readonly what: string,
  ) {}

  get size(): number {
    return this.line.size;
  }

  /** False: the line is full, the call has ended. */
  add(call: T): boolean {
    const { size } = this.line;
    if (size >= this.limits.pending || (size > 0 && this.bytes + call.requestBytes > MAX_BYTES)) {
      call.abort(localStatus(14, `no place at ${this.what}: ${size} calls wait for one`, false));
      return false;
    }
    this.line.set(call, performance.now());
    this.bytes += call.requestBytes;
    if (size === 0) this.watch();
    return true;
  }

  /** Without effect if it does not wait. */
  delete(call: T): void {
    if (!this.line.delete(call)) return;
    this.bytes -= call.requestBytes;
    if (this.line.size === 0) clearTimeout(this.timer);
  }

  /** Those that wait, the first one first. */
  [Symbol.iterator](): Iterator<T> {
    return this.line.keys();
  }

  /** From now on other bounds hold. Who waits already is not sent away because the line is longer than it may be. */
  limit(limits: WaitLimits): void {
    this.limits = limits;
    this.check();
  }

  clear(): void {
    this.line.clear();
    this.bytes = 0;
    clearTimeout(this.timer);
  }

  /** Waits until the first one has waited for too long. */
  private watch(): void {
    clearTimeout(this.timer);
    for (const since of this.line.values()) {
      this.timer = setTimeout(() => this.check(), Math.max(Math.ceil(since + this.limits.pendingMs - performance.now()), 1)).unref();
      return;
    }
  }

  private check(): void {
    const { pendingMs } = this.limits;
    const now = performance.now();
    for (const [call, since] of this.line) {
      if (since + pendingMs > now) break;
      this.delete(call);
      call.abort(localStatus(14, `no place at ${this.what} within ${pendingMs} ms`, false));
    }
    this.watch();
  }
}
