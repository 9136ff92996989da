import type { Call, CallEvents, CancelReason, Metadata, Status } from './call.js';
import type { Due } from './deadlines.js';
import { CANCELLED, callbackFailed, localStatus, SECOND_MESSAGE } from './local-status.js';
import { tellEnd } from './tell-end.js';

/** Looks after calls. */
export interface CallOwner {
  /** The call is to be ended at its deadline, unless it ends before. */
  watch(call: LaneCall): void;
  /** The call is over; once. */
  ended(call: LaneCall): void;
}

/** What a waiting message costs beside its bytes. */
const MESSAGE_COST = 64;

/**
 * What a call does alike in every lane: only pulled messages are delivered, in order, and the end comes once, last and never inside a call
 * of the caller; a callback that throws ends its own call.
 */
export abstract class LaneCall implements Call, Due {
  /** Its neighbours among the owner's calls, who writes them. */
  before: LaneCall | undefined;
  after: LaneCall | undefined;
  /** Its place among the deadlines that the owner watches. */
  place = -1;
  /** How the call ends; set at most once before `over`, except that giving up replaces a status that waits for messages. */
  protected status: Status | undefined;
  /** Messages pulled and not delivered yet. */
  protected credit = 0;
  /** Cost of the messages that arrived and were not pulled. */
  protected aheadBytes = 0;
  protected readonly ahead: Uint8Array[] = [];
  private messages = 0;
  private delivering = false;
  /** A message that was taken is still to be handed over. */
  private held = false;
  private givenUp = false;
  private over = false;

  constructor(
    private readonly owner: CallOwner,
    protected readonly events: CallEvents,
    /** `performance.now()` in ms, Infinity = none. */
    readonly deadline: number,
    /** The method answers with one message. */
    private readonly single: boolean,
    /** Bytes of the one message of a unary request, which are kept until the end. */
    readonly requestBytes = 0,
  ) {}

  abstract send(b: Uint8Array): boolean;
  abstract halfClose(): void;

  pull(n: number): void {
    if (this.status !== undefined && this.ahead.length === 0) return;
    this.credit += n;
    if (this.delivering) return;
    if (this.ahead.length > 0) process.nextTick(deliver, this);
    else this.more();
  }

  cancel(why: CancelReason): void {
    this.abort(CANCELLED[why]);
  }

  /** Ends the call on both sides with a status of this side. */
  abort(status: Status): void {
    if (this.over || this.givenUp) return;
    const ongoing = this.status === undefined;
    this.ahead.length = 0;
    this.conclude(status);
    if (ongoing) this.stop(status);
  }

  /** Ends a call of which the server has seen nothing. */
  refuse(code: number, message: string): void {
    this.conclude(localStatus(code, message, false));
  }

  /** Tells the server that the call is cancelled, and forgets what was to be sent. Called at most once. */
  protected abstract stop(status: Status): void;

  /** Messages were delivered or pulled: the lane may let more of them in. */
  protected abstract more(): void;

  protected headers(m: Metadata): void {
    try {
      this.events.headers(m);
    } catch (error) {
      this.abort(callbackFailed(error));
    }
  }

  protected drained(): void {
    if (this.status !== undefined) return;
    try {
      this.events.drain();
    } catch (error) {
      this.abort(callbackFailed(error));
    }
  }

  /** A message of the server. `reused`: its bytes are only valid now. */
  protected arrived(b: Uint8Array, reused: boolean): void {
    if (this.status !== undefined) return;
    this.messages += 1;
    if (this.single && this.messages > 1) {
      this.abort(SECOND_MESSAGE);
      return;
    }
    if (this.credit > 0 && this.ahead.length === 0 && !this.delivering && !this.held) {
      this.credit -= 1;
      this.delivering = true;
      this.hand(b);
      this.delivering = false;
    } else {
      this.ahead.push(reused ? Uint8Array.prototype.slice.call(b) : b);
      this.aheadBytes += b.length + MESSAGE_COST;
    }
    // The callback may have pulled, cancelled or, by way of others, ended the call.
    this.deliver();
  }

  /**
   * The status of the server, or of what became of the connection: the end, behind the messages that wait. Servers cancel a stream at the deadline that
   * `grpc-timeout` told them; where that comes before the timer of this side, it is the deadline all the same.
   */
  protected concluded(s: Status): void {
    if (this.status !== undefined) return;
    if (s.code === 0 && this.single && this.messages === 0) this.status = noMessage(s);
    else if (s.code === CANCELLED.client.code && s.origin === 'local' && performance.now() >= this.deadline)
      this.status = CANCELLED.deadline;
    else this.status = s;
    if (this.ahead.length === 0 && !this.held) this.finish();
    else this.armDeadline();
  }

  /** Ends the call at its deadline, unless it ends before. */
  protected armDeadline(): void {
    if (this.place < 0) this.owner.watch(this);
  }

  /** Hands over what is there and pulled; a callback that pulls more prolongs the loop, it does not nest. */
  deliver(): void {
    if (this.delivering) return;
    this.delivering = true;
    while (this.credit > 0 && !this.over && !this.held) {
      const b = this.ahead.shift();
      if (b === undefined) break;
      this.aheadBytes -= b.length + MESSAGE_COST;
      this.credit -= 1;
      this.hand(b);
    }
    this.delivering = false;
    if (this.status === undefined) this.more();
    else if (this.ahead.length === 0 && !this.held) this.finish();
  }

  finish(): void {
    if (this.over || this.status === undefined) return;
    this.over = true;
    this.owner.ended(this);
    tellEnd(this.events, this.status);
  }

  /** Gives a message to the caller. */
  protected hand(b: Uint8Array): void {
    try {
      this.events.message(b);
    } catch (error) {
      this.abort(callbackFailed(error));
    }
  }

  /** The message that is being handed over takes a while: `begin` has it made, and `go` then hands it over, unless the call was given up. */
  protected wait(begin: (go: (hand: () => void) => void) => void): void {
    this.held = true;
    begin((hand) => {
      this.held = false;
      if (this.over || this.givenUp) return;
      this.delivering = true;
      hand();
      this.delivering = false;
      this.deliver();
    });
  }

  /** An end that the caller may have caused just now: reported later. */
  private conclude(status: Status): void {
    this.givenUp = true;
    this.status = status;
    process.nextTick(finish, this);
  }
}

const deliver = (call: LaneCall): void => call.deliver();
const finish = (call: LaneCall): void => call.finish();

function noMessage(s: Status): Status {
  return { ...s, code: 13, message: 'the server ended a unary call with OK but no message', origin: 'local' };
}
