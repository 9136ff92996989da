import type { KeepAlive } from '../call.js';

/** What keep-alive does to its connection. */
export interface KeptAlive {
  /** Sends PING. */
  ping(): void;
  /** The server does not answer any more. */
  dead(): void;
}

/**
 * Finds out that a server is gone when no packet says so (gRPC proposal A8): while calls are open and nothing has arrived for an interval, a
 * PING must be answered within the time-out.
 */
export class KeepAlivePings {
  private timer: NodeJS.Timeout | undefined;
  /** Something arrived since the timer was started. */
  private heard = false;
  private asked = false;

  constructor(
    private readonly options: KeepAlive,
    private readonly connection: KeptAlive,
  ) {}

  /** The first call is open. */
  begin(): void {
    this.wait();
  }

  /** The last call has ended. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.asked = false;
  }

  /** Anything arrived. */
  hear(): void {
    this.heard = true;
    if (this.asked) this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.heard = false;
    this.asked = false;
    this.timer = setTimeout(() => this.check(), this.options.intervalMs).unref();
  }

  private check(): void {
    if (this.heard) {
      this.wait();
      return;
    }
    this.asked = true;
    this.connection.ping();
    this.timer = setTimeout(() => this.connection.dead(), this.options.timeoutMs).unref();
  }
}
