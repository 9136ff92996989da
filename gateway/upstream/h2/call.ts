import type { CallEvents, CallOptions, Status } from '../call.js';
import { type CallOwner, LaneCall } from '../lane-call.js';
import { localStatus, notGrpc } from '../local-status.js';
import type { Arriving } from './arriving.js';
import { type Compressed, decompressAside, decompressNow } from './decompress.js';
import { type HeaderBlock, httpStatus } from './header-block.js';
import { MessageReader, type MessageSink } from './message-reader.js';
import type { OpenStream } from './open-streams.js';
import { DEFAULT_WINDOW, ErrorCode } from './protocol.js';
import type { RequestHead } from './request-head.js';
import { SendQueue } from './send-queue.js';

/** Request bytes that may wait before `send` answers false. */
const SEND_BUFFER = 64 * 1024;

/** How often a call is sent that no server has looked at. */
const MAX_ATTEMPTS = 3;

/** Where calls wait that no connection has taken. */
export interface Waiting {
  readonly arriving: Arriving;
  again(call: H2Call): void;
  forget(call: H2Call): void;
}

/** What carries a call that was sent: its connection, as far as the call knows it. */
export interface Carrier {
  /** There is more to send. */
  send(call: H2Call): void;
  /** Widens the window of a stream. */
  grant(stream: number, bytes: number): void;
  /** Breaks the stream off. */
  reset(call: H2Call, code: number): void;
  /** The server has ended its side of the stream; ends ours. */
  leave(call: H2Call): void;
}

/** One call: a stream of a connection once it has been sent (RFC 9113, 5.1). */
export class H2Call extends LaneCall implements MessageSink, OpenStream {
  /** Stream identifier; 0 = not sent. */
  stream = 0;
  nextInBucket: this | undefined;
  /** Bytes that the server allows on this stream (RFC 9113, 6.9). */
  sendWindow = 0;
  /** What is to be sent behind the headers. */
  readonly queue = new SendQueue();
  /** END_STREAM follows the queue. */
  closing = false;
  /** END_STREAM was sent. */
  closed = false;
  /** Told as soon as the connection took it. */
  blocked = false;

  /** Bytes that the server may send on this stream. */
  recvWindow = DEFAULT_WINDOW;

  private connection: Carrier | undefined;
  private readonly reader: MessageReader;
  private head: HeaderBlock | undefined;
  private compressed: WeakSet<Uint8Array> | undefined;
  /** A large message is on its way, or waits until it may be. */
  private large = false;
  /** Not all that arrived is counted yet. */
  private reading = false;
  private attempts = 0;
  /** Something went out that is not kept: the call cannot be sent again. */
  private spent = false;

  constructor(
    owner: CallOwner,
    events: CallEvents,
    single: boolean,
    readonly requestHead: RequestHead,
    readonly options: CallOptions,
    private readonly maxMessage: number,
    private readonly waiting: Waiting,
    /** The one message of a unary request. */
    private readonly request: Uint8Array | undefined,
  ) {
    super(owner, events, options.deadline, single, request?.length);
    this.reader = new MessageReader(maxMessage, this);
  }

  /** Starts the clock. */
  begin(): void {
    this.armDeadline();
    if (this.request === undefined) return;
    this.closing = true;
    this.queue.push(this.request);
  }

  send(b: Uint8Array): boolean {
    if (this.status !== undefined || this.closing) return false;
    this.queue.push(Uint8Array.prototype.slice.call(b));
    this.connection?.send(this);
    this.blocked = this.queue.length > SEND_BUFFER;
    return !this.blocked;
  }

  halfClose(): void {
    if (this.status !== undefined || this.closing) return;
    this.closing = true;
    this.connection?.send(this);
  }

  /** A connection takes the call. */
  opened(connection: Carrier, stream: number, sendWindow: number): void {
    this.connection = connection;
    this.stream = stream;
    this.sendWindow = sendWindow;
    this.recvWindow = DEFAULT_WINDOW;
    this.attempts += 1;
  }

  /** `n` bytes of the queue went out. */
  sent(n: number): void {
    this.spent ||= n > 0 && this.request === undefined;
    if (!this.blocked || this.queue.length > SEND_BUFFER) return;
    this.blocked = false;
    process.nextTick(drained, this);
  }

  /** Headers or trailers (RFC 9113, 8.1). */
  block(block: HeaderBlock, endStream: boolean): void {
    if (block.fault !== undefined || (block.httpStatus === 0) === (this.head === undefined)) {
      this.broken(block.fault ?? 'headers out of place');
      return;
    }
    if (block.informational && !endStream) return;
    if (block.repeated !== undefined && (block.httpStatus === 0 || block.httpStatus === 200)) {
      if (endStream) this.answered(repeated(block.repeated));
      else this.abort(repeated(block.repeated));
      return;
    }
    if (endStream) {
      this.trailers(block);
    } else if (this.head !== undefined) {
      this.broken('trailers without END_STREAM');
    } else if (!block.isGrpc) {
      // An error page, perhaps without end.
      this.abort(this.withoutStatus(block));
    } else {
      this.head = block;
      this.headers(block.metadata);
    }
  }

  /** A part of a DATA frame; `size` counts for the window. */
  data(buf: Buffer, start: number, end: number, size: number, endStream: boolean): void {
    this.recvWindow -= size;
    if (this.recvWindow < 0) {
      this.broken('more data than the window allows', ErrorCode.FLOW_CONTROL_ERROR);
      return;
    }
    if (this.head === undefined) {
      this.broken('data before headers');
      return;
    }
    this.reading = true;
    this.reader.push(buf, start, end);
    this.reading = false;
    if (this.status !== undefined) return;
    if (endStream) this.answered(this.withoutStatus(this.head));
    else this.more();
  }

  complete(message: Uint8Array, compressed: boolean, reused: boolean): void {
    this.settle();
    if (!compressed) {
      this.arrived(message, reused);
      return;
    }
    // While it waits it takes the room that the window allowed it, not what it grows to.
    const kept = reused ? Uint8Array.prototype.slice.call(message) : message;
    this.compressed ??= new WeakSet();
    this.compressed.add(kept);
    this.arrived(kept, false);
  }

  tooLong(length: number): void {
    this.abort(localStatus(8, `message of ${length} bytes, ${this.maxMessage} are allowed`, true));
  }

  /** The stream is over without trailers: reset, or the connection went. */
  lost(status: Status): void {
    this.connection = undefined;
    this.settle();
    const { head, attempts } = this;
    if (status.processed || head !== undefined || this.spent || attempts >= MAX_ATTEMPTS || this.status !== undefined) {
      this.concluded(status);
      return;
    }
    // Nobody looked at it: that the caller need not know (gRPC proposal A6, "Transparent Retries").
    this.stream = 0;
    this.closed = false;
    if (this.request !== undefined) {
      this.queue.clear();
      this.queue.push(this.request);
    }
    this.waiting.again(this);
  }

  /** Grants the server what the caller is ready for: what it pulled, or a window's worth beyond what waits. */
  override more(): void {
    const { connection } = this;
    if (connection === undefined || this.status !== undefined || this.reading) return;
    const pulled = this.credit > this.ahead.length && this.mayCome();
    const target = DEFAULT_WINDOW - this.aheadBytes + (pulled ? this.reader.missing : -this.reader.held);
    const grant = target - this.recvWindow;
    if (grant < DEFAULT_WINDOW / 2) return;
    this.recvWindow = target;
    connection.grant(this.stream, grant);
  }

  /** A window's worth always may, more of a message in turn. */
  private mayCome(): boolean {
    const { missing, held } = this.reader;
    if (missing <= DEFAULT_WINDOW) return true;
    this.large = true;
    return this.waiting.arriving.letIn(this, missing + held);
  }

  /** No large message is on its way any more. */
  private settle(): void {
    if (!this.large) return;
    this.large = false;
    this.waiting.arriving.release(this);
  }

  protected override hand(b: Uint8Array): void {
    if (this.compressed?.has(b) !== true) {
      super.hand(b);
      return;
    }
    const message: Compressed = { bytes: b, encoding: this.head?.encoding, max: this.maxMessage };
    const plain = decompressNow(message);
    if (plain !== undefined) this.decompressed(plain);
    else this.wait((go) => decompressAside(message, (made) => go(() => this.decompressed(made))));
  }

  private decompressed(message: Uint8Array | Status): void {
    if (message instanceof Uint8Array) super.hand(message);
    else this.abort(message);
  }

  protected override stop(): void {
    this.queue.clear();
    this.settle();
    if (this.connection === undefined) this.waiting.forget(this);
    else this.connection.reset(this, ErrorCode.CANCEL);
    this.connection = undefined;
  }

  /** Tells the caller that it may send. */
  drain(): void {
    this.drained();
  }

  private trailers(block: HeaderBlock): void {
    if (!block.hasStatus) this.answered(this.withoutStatus(this.head ?? block));
    else this.answered(block.status.code === 0 && this.reader.cut ? CUT : block.status);
  }

  /** The end of an answer that lacks `grpc-status`. */
  private withoutStatus(head: HeaderBlock): Status {
    if (head.httpStatus === 200 && head.isGrpc && this.head !== undefined) return NO_STATUS;
    if (head.httpStatus === 200 && !head.isGrpc && head.contentType !== undefined) return notGrpc(head.contentType);
    return httpStatus(head.httpStatus);
  }

  /** The server has said all; so has this side. */
  private answered(status: Status): void {
    this.queue.clear();
    this.settle();
    this.connection?.leave(this);
    this.connection = undefined;
    this.concluded(status);
  }

  private broken(what: string, code: number = ErrorCode.PROTOCOL_ERROR): void {
    this.queue.clear();
    this.settle();
    this.connection?.reset(this, code);
    this.connection = undefined;
    this.concluded(localStatus(13, `the server broke HTTP/2: ${what}`, true));
  }
}

const drained = (call: H2Call): void => call.drain();

/** A status that cannot be read is UNKNOWN (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
const repeated = (name: string): Status => localStatus(2, `the server sent ${name} twice`, true);

const CUT = localStatus(13, 'the server ended the call inside of a message', true);
const NO_STATUS = localStatus(13, 'the server ended the call without a status', true);
