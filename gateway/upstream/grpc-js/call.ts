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
 * One call on a grpc-js channel, by its low-level API: a client's makeUnaryRequest captures a stack and wraps every event.
 *
 * grpc-js reads without limit until it is asked for the first message, and from then on stops after each. So the call always asks for one
 * message more than was pulled and holds it back; behind that one stand only the bytes of HTTP/2's windows. A status that comes while a message is held waits
 * for it.
 */
export class GrpcJsCall implements Call, InterceptingListener {
  private grpc: GrpcCall | undefined;
  private credit = 0;
  private held: Uint8Array | undefined;
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
    this.grpc.startRead();
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
    if (this.held !== undefined) process.nextTick(release, this);
  }

  cancel(why: CancelReason): void {
    const [code, message] = CANCELLED[why];
    this.abort(localStatus(code, message, true));
  }

  /** Ends the call on both sides with a status of this side. */
  abort(status: Status): void {
    if (this.over || (this.status !== undefined && this.held === undefined)) return;
    const { grpc } = this;
    this.held = undefined;
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
    if (this.credit > 0) this.deliver(b);
    else this.held = b;
  }

  onReceiveStatus(s: StatusObject): void {
    if (this.status !== undefined) return;
    this.status = this.judge(fromGrpcStatus(s, this.headersSeen));
    this.outbox?.clear();
    if (this.held === undefined) this.finish();
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

  private deliver(b: Uint8Array): void {
    this.credit -= 1;
    try {
      this.events.message(b);
    } catch (error) {
      this.abort(callbackFailed(error));
    }
    if (this.status === undefined) this.grpc?.startRead();
    else if (!this.over) this.finish();
  }

  release(): void {
    const b = this.held;
    if (b === undefined || this.credit === 0) return;
    this.held = undefined;
    this.deliver(b);
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

const release = (call: GrpcJsCall): void => call.release();
const finish = (call: GrpcJsCall): void => call.finish();
const expire = (call: GrpcJsCall): void => call.cancel('deadline');
const cancelAgain = (grpc: GrpcCall, s: Status): void => grpc.cancelWithStatus(s.code, s.message);

function callbackFailed(error: unknown): Status {
  return localStatus(13, `a callback of the call threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, true);
}

const SECOND_MESSAGE = localStatus(13, 'the server sent a second message for a unary reply', true);

const notGrpc = (type: string): Status => localStatus(2, `the server answered with ${type}, which is not gRPC`, true);
