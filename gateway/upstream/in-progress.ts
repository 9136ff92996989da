import type { CallOwner, LaneCall } from './lane-call.js';
import { localStatus } from './local-status.js';

/** The calls in progress on one transport. */
export class InProgress implements CallOwner {
  private readonly calls = new Set<LaneCall>();
  private closing: Promise<void> | undefined;
  private drained: (() => void) | undefined;

  constructor(
    /** By which messages call the upstream. */
    private readonly id: string,
  ) {}

  get size(): number {
    return this.calls.size;
  }

  get closed(): boolean {
    return this.closing !== undefined;
  }

  /** Counts a call until it ends. False: it was refused, the transport closes. */
  add(call: LaneCall): boolean {
    this.calls.add(call);
    if (!this.closed) return true;
    call.refuse(14, `upstream ${this.id} is closed`);
    return false;
  }

  ended(call: LaneCall): void {
    this.calls.delete(call);
    if (this.calls.size === 0) this.drained?.();
  }

  /** Refuses new calls, waits for those in progress up to `graceMs`, cancels what is left, then calls `release`, once. */
  close(graceMs: number, release: () => void): Promise<void> {
    this.closing ??= this.drain(graceMs).then(release);
    return this.closing;
  }

  private async drain(graceMs: number): Promise<void> {
    if (this.calls.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        for (const call of this.calls) call.abort(localStatus(14, `upstream ${this.id} is closed`, true));
      }, graceMs);
      this.drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
