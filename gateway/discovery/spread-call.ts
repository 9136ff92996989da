import type { Call, CallEvents, CallOptions, CancelReason, Invoker, Metadata, Status } from '../upstream/call.js';
import type { Server } from './server.js';

/** Servers that one call goes to at most. */
const MOST_SERVERS = 4;

/** Bytes of a call's messages that are kept for another server, until the first one answers. */
const KEPT_BYTES = 64 * 1024;

/** Who chooses servers for the calls of one method. */
export interface Spread {
  /** One that is not among `tried`; undefined if there is none. */
  choose(tried: readonly Server[]): Server | undefined;
  invoker(server: Server): Invoker;
  began(bytes: number): void;
  ended(bytes: number): void;
}

/** A call to one of many servers. While its messages are at hand it goes to another server if one has certainly not begun with it. */
export class SpreadCall implements Call, CallEvents {
  private call: Call | undefined;
  private readonly tried: Server[] = [];
  private pulled = 0;
  private cancelled = false;
  /** What was sent, for another server; undefined: it is no more at hand. */
  private kept: Uint8Array[] | undefined = [];
  private keptBytes = 0;
  private halfClosed = false;
  /** Who sends waits to be told that it may go on. */
  private waits = false;

  constructor(
    private readonly spread: Spread,
    first: Server,
    private readonly options: CallOptions,
    private readonly events: CallEvents,
    /** undefined: messages come by `send`. */
    private readonly request: Uint8Array | undefined,
  ) {
    spread.began(request?.length ?? 0);
    this.go(first);
  }

  send(b: Uint8Array): boolean {
    if (this.kept !== undefined) {
      this.keptBytes += b.length;
      if (this.keptBytes > KEPT_BYTES) this.kept = undefined;
      else this.kept.push(Uint8Array.from(b));
    }
    this.waits = this.call?.send(b) !== true;
    return !this.waits;
  }
  halfClose(): void {
    this.halfClosed = true;
    this.call?.halfClose();
  }
  pull(n: number): void {
    this.pulled += n;
    this.call?.pull(n);
  }
  cancel(why: CancelReason): void {
    this.cancelled = true;
    this.call?.cancel(why);
  }

  headers(m: Metadata): void {
    this.kept = undefined;
    this.events.headers(m);
  }
  message(b: Uint8Array): void {
    this.events.message(b);
  }
  drain(): void {
    this.waits = false;
    this.events.drain();
  }

  /** Lets go on who waits, if that is still so. */
  resume(): void {
    if (this.waits) this.drain();
  }

  end(s: Status): void {
    const next = this.mayGoOn(s) ? this.spread.choose(this.tried) : undefined;
    if (next !== undefined) {
      this.go(next);
      if (this.pulled > 0) this.call?.pull(this.pulled);
      return;
    }
    this.waits = false;
    this.spread.ended(this.request?.length ?? 0);
    this.events.end(s);
  }

  private mayGoOn(s: Status): boolean {
    return s.code === 14 && !s.processed && this.kept !== undefined && !this.cancelled && this.tried.length < MOST_SERVERS;
  }

  private go(server: Server): void {
    this.tried.push(server);
    const invoker = this.spread.invoker(server);
    if (this.request !== undefined) {
      this.call = invoker.unary(this.request, this.options, this);
      return;
    }
    const call = invoker.start(this.options, this);
    this.call = call;
    let full = false;
    for (const message of this.kept ?? []) full = !call.send(message);
    if (this.halfClosed) call.halfClose();
    // It waited for the server before, which tells nothing any more.
    if (this.waits && !full) process.nextTick(resume, this);
  }
}

const resume = (call: SpreadCall): void => call.resume();
