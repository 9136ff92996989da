import type { Channel, Metadata as GrpcMetadata, InterceptingListener, StatusObject } from '@grpc/grpc-js';
import type { Call, CallEvents, CallOptions, CancelReason, Status } from '../call.js';
import { fromGrpc, toGrpc } from './metadata.js';
import { Outbox } from './outbox.js';
import { fromGrpcStatus, localStatus } from './status.js';

type GrpcCall = ReturnType<Channel['createCall']>;

const CANCELLED: Readonly<Record<CancelReason, readonly [code: number, message: string]>> = {
  client: [1, 'cancelled by the caller'],
  deadline: [4, 'deadline exceeded'],
  limit: [8, 'a limit of the caller was exceeded'],
};

/** Told when a call is over. */
export interface CallOwner {
  ended(call: GrpcJsCall): void;
}

/**
 * Bytes of messages that are taken from grpc-js before they are pulled. It drops what it still has when an error status comes, so that a
 * stream that ends with an error would lose its last messages to a slow reader.
 */
const READ_AHEAD = 64 * 1024;
/** What a message costs beside its bytes. */
const MESSAGE_COST = 64;

/**
 * One call on a grpc-js channel, by its low-level API: a client's makeUnaryRequest captures a stack and wraps every event.
 *
 * grpc-js reads without limit until it is asked for the first message, and from then on stops after each: so the call asks at once, and
 * again as long as fewer bytes than READ_AHEAD wait to be pulled. Behind them stand only HTTP/2's windows. The status waits for the messages.
 */
export class GrpcJsCall implements Call, InterceptingListener {
  private grpc: GrpcCall | undefined;
  private credit = 0;
  private readonly ahead: Uint8Array[] = [];
  private aheadBytes = 0;
  private asked = false;
  private delivering = false;
  private headersSeen = false;
  private foreign = '';
  private messages = 0;
  private status: Status | undefined;
  private over = false;
  private timer: NodeJS.Timeout | undefined;

  private outbox: Outbox | undefined;

  constructor(
    private readonly owner: CallOwner,
    private readonly events: CallEvents,
    private readonly deadline: number,
    /** The method answers with one message. */
    private readonly single: boolean,
  ) {}

  /** Starts the call; every failure comes as an event. */
  begin(channel: Channel, path: string, o: CallOptions): void {
    const left = this.deadline - performance.now();
    if (left <= 0) {
      this.refuse(4, 'the deadline had passed before the call started');
      return;
    }
    let metadata: GrpcMetadata;
    try {
      metadata = toGrpc(o.metadata);
    } catch (error) {
      this.refuse(13, String(error));
      return;
    }
    // Whole milliseconds, upwards: grpc-js cuts them off for its timer. Beyond 24 days grpc-js sets no timer and cannot write the header.
    this.grpc = channel.createCall(path, left < 2 ** 31 ? Date.now() + Math.ceil(left) : Number.POSITIVE_INFINITY, null, null, null);
    this.grpc.start(metadata, this);
    this.ask();
  }

  /** Ends a call that never reached grpc-js. */
  refuse(code: number, message: string): void {
    this.conclude(localStatus(code, message, false));
  }

  sendOnly(request: Uint8Array): void {
    this.grpc?.sendMessageWithContext({}, Buffer.from(request.buffer, request.byteOffset, request.byteLength));
    this.grpc?.halfClose();
  }

  send(b: Uint8Array): boolean {
    if (this.status !== undefined || this.grpc === undefined) return false;
    this.outbox ??= new Outbox(this.grpc, () => this.drained());
    return this.outbox.send(b);
  }

  halfClose(): void {
    if (this.status !== undefined) return;
    if (this.outbox === undefined) this.grpc?.halfClose();
    else this.outbox.close();
  }

  pull(n: number): void {
    this.credit += n;
    if (this.ahead.length > 0 && !this.delivering) process.nextTick(deliver, this);
  }

  cancel(why: CancelReason): void {
    const [code, message] = CANCELLED[why];
    this.abort(localStatus(code, message, true));
  }

  /** Ends the call on both sides with a status of this side. */
  abort(status: Status): void {
    if (this.over || (this.status !== undefined && this.ahead.length === 0)) return;
    const { grpc } = this;
    this.ahead.length = 0;
    this.outbox?.clear();
    this.conclude(status);
    if (grpc === undefined) return;
    grpc.cancelWithStatus(status.code, status.message);
    // A call that grpc-js is just about to create escapes the first one: it does not look back (resolving-call.ts, getConfig).
    if (!this.headersSeen) setImmediate(cancelAgain, grpc, status);
  }

  onReceiveMetadata(m: GrpcMetadata): void {
    if (this.status !== undefined) return;
    this.headersSeen = true;
    const type = String(m.get('content-type')[0] ?? 'application/grpc');
    if (!type.startsWith('application/grpc')) this.foreign = type;
    try {
      this.events.headers(fromGrpc(m));
    } catch (error) {
      this.abort(callbackFailed(error));
    }
  }

  onReceiveMessage(b: Uint8Array): void {
    if (this.status !== undefined) return;
    const fault = this.foreign !== '' ? notGrpc(this.foreign) : this.single && this.messages === 1 ? SECOND_MESSAGE : undefined;
    if (fault !== undefined) {
      this.abort(fault);
      return;
    }
    this.messages += 1;
    this.asked = false;
    this.ahead.push(b);
    this.aheadBytes += b.length + MESSAGE_COST;
    this.deliver();
  }

  onReceiveStatus(s: StatusObject): void {
    if (this.status !== undefined) return;
    this.status = this.judge(fromGrpcStatus(s, this.headersSeen));
    this.outbox?.clear();
    if (this.ahead.length === 0) this.finish();
    else if (this.deadline < Number.POSITIVE_INFINITY) this.timer = setTimeout(expire, this.deadline - performance.now(), this);
  }

  /** What grpc-js leaves to its callers: the rules of unary replies, and servers that do not speak gRPC. */
  private judge(s: Status): Status {
    // Other bytes read as a message that is far too long.
    if (this.foreign !== '' && s.origin === 'local' && s.code === 8) return notGrpc(this.foreign);
    if (s.code === 0 && this.single && this.messages === 0) {
      return { ...s, code: 13, message: 'the server ended a unary call with OK but no message', origin: 'local' };
    }
    return s;
  }

  private ask(): void {
    if (this.asked || this.status !== undefined || this.aheadBytes >= READ_AHEAD) return;
    this.asked = true;
    this.grpc?.startRead();
  }

  /** Hands over what is there and pulled; a callback that pulls more prolongs the loop, it does not nest. */
  deliver(): void {
    if (this.delivering) return;
    this.delivering = true;
    try {
      while (this.credit > 0 && !this.over) {
        const b = this.ahead.shift();
        if (b === undefined) break;
        this.aheadBytes -= b.length + MESSAGE_COST;
        this.credit -= 1;
        this.events.message(b);
      }
    } catch (error) {
      this.abort(callbackFailed(error));
    }
    this.delivering = false;
    if (this.status !== undefined && this.ahead.length === 0) this.finish();
    else this.ask();
  }

  private drained(): void {
    if (this.status !== undefined) return;
    try {
      this.events.drain();
    } catch (error) {
      this.abort(callbackFailed(error));
    }
  }

  /** The end of a call that grpc-js will not report, or not so; reported asynchronously. */
  private conclude(status: Status): void {
    clearTimeout(this.timer);
    this.status = status;
    process.nextTick(finish, this);
  }

  finish(): void {
    if (this.over || this.status === undefined) return;
    this.over = true;
    clearTimeout(this.timer);
    this.owner.ended(this);
    try {
      this.events.end(this.status);
    } catch (error) {
      // Nobody is left who could be told.
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
}

const deliver = (call: GrpcJsCall): void => call.deliver();
const finish = (call: GrpcJsCall): void => call.finish();
const expire = (call: GrpcJsCall): void => call.cancel('deadline');
const cancelAgain = (grpc: GrpcCall, s: Status): void => grpc.cancelWithStatus(s.code, s.message);

function callbackFailed(error: unknown): Status {
  return localStatus(13, `a callback of the call threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, true);
}

const SECOND_MESSAGE = localStatus(13, 'the server sent a second message for a unary reply', true);

const notGrpc = (type: string): Status => localStatus(2, `the server answered with ${type}, which is not gRPC`, true);
