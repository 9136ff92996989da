import type { CallOwner, LaneCall } from './lane-call.js';
import { localStatus } from './local-status.js';

/** What Node's timers can wait, ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The calls in progress on one transport: a list through them. It is not a Set for the reason that `h2/open-streams.ts` gives. */
export class InProgress implements CallOwner {
  size = 0;
  private first: LaneCall | undefined;
  /** One timer for all deadlines: nearly all calls end long before theirs, and one each would be started and stopped for nothing. */
  private timer: NodeJS.Timeout | undefined;
  /** When it fires, on the clock of `performance.now()`. */
  private nextCheck = Number.POSITIVE_INFINITY;
  private closing: Promise<void> | undefined;
  private drained: (() => void) | undefined;

  constructor(
    /** By which messages call the upstream. */
    private readonly id: string,
  ) {}

  get closed(): boolean {
    return this.closing !== undefined;
  }

  /** Counts a call until it ends. False: it was refused, the transport closes. */
  add(call: LaneCall): boolean {
    const { first } = this;
    this.size += 1;
    this.first = call;
    call.after = first;
    if (first !== undefined) first.before = call;
    if (!this.closed) return true;
    call.refuse(14, `upstream ${this.id} is closed`);
    return false;
  }

  watch({ deadline }: LaneCall): void {
    if (deadline >= this.nextCheck) return;
    clearTimeout(this.timer);
    this.nextCheck = deadline;
    this.timer = setTimeout(() => this.check(), Math.min(Math.ceil(deadline - performance.now()), LONGEST_TIMER)).unref();
  }

  ended(call: LaneCall): void {
    const { before, after } = call;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after !== undefined) after.before = before;
    // What is gone must not lead to what came later.
    call.before = undefined;
    call.after = undefined;
    this.size -= 1;
    if (this.size === 0) this.drained?.();
  }

  /** Refuses new calls, waits for those in progress up to `graceMs`, cancels what is left, then calls `release`, once. */
  close(graceMs: number, release: () => void): Promise<void> {
    this.closing ??= this.drain(graceMs).then(() => {
      clearTimeout(this.timer);
      release();
    });
    return this.closing;
  }

  /** Ends the calls whose deadline has passed, and waits for the next one. */
  private check(): void {
    this.nextCheck = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next: LaneCall | undefined;
    for (let call = this.first; call !== undefined; call = call.after) {
      if (!call.watched) continue;
      if (call.deadline <= now) call.cancel('deadline');
      else if (next === undefined || call.deadline < next.deadline) next = call;
    }
    if (next !== undefined) this.watch(next);
  }

  private async drain(graceMs: number): Promise<void> {
    if (this.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        for (let call = this.first; call !== undefined; call = call.after)
          call.abort(localStatus(14, `upstream ${this.id} is closed`, true));
      }, graceMs);
      this.drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
