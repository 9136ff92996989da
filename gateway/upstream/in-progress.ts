import { Deadlines } from './deadlines.js';
import type { CallOwner, LaneCall } from './lane-call.js';
import { localStatus } from './local-status.js';

/** The calls in progress on one transport: a list through them. It is not a Set for the reason that `h2/open-streams.ts` gives. */
export class InProgress implements CallOwner {
  size = 0;
  /** Of all requests. */
  requestBytes = 0;
  private first: LaneCall | undefined;
  private readonly deadlines = new Deadlines<LaneCall>((call) => call.cancel('deadline'));
  private cutting: NodeJS.Timeout | undefined;
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
    this.requestBytes += call.requestBytes;
    this.first = call;
    call.after = first;
    if (first !== undefined) first.before = call;
    if (!this.closed) return true;
    call.refuse(14, `upstream ${this.id} is closed`);
    return false;
  }

  watch(call: LaneCall): void {
    this.deadlines.add(call);
  }

  ended(call: LaneCall): void {
    this.deadlines.delete(call);
    const { before, after } = call;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after !== undefined) after.before = before;
    // What is gone must not lead to what came later.
    call.before = undefined;
    call.after = undefined;
    this.size -= 1;
    this.requestBytes -= call.requestBytes;
    if (this.size === 0) this.drained?.();
  }

  /** Refuses new calls, waits for those in progress up to `graceMs`, cancels what is left, then calls `release`, once. The last grace counts. */
  close(graceMs: number, release: () => void): Promise<void> {
    this.closing ??= this.drain().then(() => {
      clearTimeout(this.cutting);
      this.deadlines.end();
      release();
    });
    clearTimeout(this.cutting);
    if (this.size > 0) this.cutting = setTimeout(() => this.cut(), graceMs);
    return this.closing;
  }

  private async drain(): Promise<void> {
    if (this.size === 0) return;
    await new Promise<void>((resolve) => {
      this.drained = resolve;
    });
  }

  private cut(): void {
    for (let call = this.first; call !== undefined; call = call.after) call.abort(localStatus(14, `upstream ${this.id} is closed`, true));
  }
}
