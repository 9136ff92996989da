import type { Channel, Metadata as GrpcMetadata, InterceptingListener, StatusObject } from '@grpc/grpc-js';
import type { CallOptions, Status } from '../call.js';
import { LaneCall } from '../lane-call.js';
import { notGrpc } from '../local-status.js';
import { metadataFault } from '../metadata-fault.js';
import { fromGrpc, toGrpc } from './metadata.js';
import { Outbox } from './outbox.js';
import { fromGrpcStatus } from './status.js';

type GrpcCall = ReturnType<Channel['createCall']>;

/**
 * Bytes of messages that are taken from grpc-js before they are pulled. It drops what it still has when an error status comes, so that a
 * stream that ends with an error would lose its last messages to a slow reader.
 */
const READ_AHEAD = 64 * 1024;

/**
 * One call on a grpc-js channel, by its low-level API: a client's makeUnaryRequest captures a stack and wraps every event.
 *
 * grpc-js reads without limit until it is asked for the first message, and from then on stops after each: so the call asks at once, and
 * again as long as fewer bytes than READ_AHEAD wait to be pulled. Behind them stand only HTTP/2's windows.
 */
export class GrpcJsCall extends LaneCall implements InterceptingListener {
  private grpc: GrpcCall | undefined;
  private outbox: Outbox | undefined;
  private asked = false;
  private headersSeen = false;
  /** Content type of an answer that is not gRPC. */
  private foreign = '';

  /** Starts the call; every failure comes as an event. */
  begin(channel: Channel, path: string, o: CallOptions): void {
    const left = this.deadline - performance.now();
    if (left <= 0) {
      this.refuse(4, 'the deadline had passed before the call started');
      return;
    }
    // node:http2 throws on such entries, and grpc-js then drops the whole connection.
    const fault = metadataFault(o.metadata);
    if (fault !== undefined) {
      this.refuse(13, fault);
      return;
    }
    // Whole milliseconds, upwards: grpc-js cuts them off for its timer. Beyond 24 days grpc-js sets no timer and cannot write the header.
    this.grpc = channel.createCall(path, left < 2 ** 31 ? Date.now() + Math.ceil(left) : Number.POSITIVE_INFINITY, null, null, null);
    this.grpc.start(toGrpc(o.metadata), this);
    this.more();
  }

  /** The one message of a unary request, and nothing after it. */
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

  onReceiveMetadata(m: GrpcMetadata): void {
    if (this.status !== undefined) return;
    this.headersSeen = true;
    const type = String(m.get('content-type')[0] ?? 'application/grpc');
    if (!type.startsWith('application/grpc')) this.foreign = type;
    this.headers(fromGrpc(m));
  }

  onReceiveMessage(b: Uint8Array): void {
    this.asked = false;
    if (this.foreign !== '') this.abort(notGrpc(this.foreign));
    else this.arrived(b, false);
  }

  onReceiveStatus(s: StatusObject): void {
    this.outbox?.clear();
    const status = fromGrpcStatus(s, this.headersSeen);
    // Other bytes read as a message that is far too long.
    const misread = this.foreign !== '' && status.origin === 'local' && status.code === 8;
    this.concluded(misread ? notGrpc(this.foreign) : status);
  }

  protected override more(): void {
    if (this.asked || this.status !== undefined || this.aheadBytes >= READ_AHEAD) return;
    this.asked = true;
    this.grpc?.startRead();
  }

  protected override stop(status: Status): void {
    const { grpc } = this;
    this.outbox?.clear();
    if (grpc === undefined) return;
    grpc.cancelWithStatus(status.code, status.message);
    // A call that grpc-js is just about to create escapes the first one: it does not look back (resolving-call.ts, getConfig).
    if (!this.headersSeen) setImmediate(cancelAgain, grpc, status);
  }
}

const cancelAgain = (grpc: GrpcCall, s: Status): void => grpc.cancelWithStatus(s.code, s.message);
