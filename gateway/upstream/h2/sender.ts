import type { H2Call } from './call.js';
import type { Output } from './output.js';
import { ConnectionError, DEFAULT_FRAME_SIZE, DEFAULT_WINDOW, ErrorCode, Flag, Frame, MAX_31 } from './protocol.js';

/** Octets that may wait for the socket before no more DATA is handed to it. */
const MAX_BACKLOG = 256 * 1024;

/** Sends DATA as far as the windows of stream and connection allow (RFC 9113, 5.2 and 6.9), in frames that every server takes. */
export class Sender {
  private window = DEFAULT_WINDOW;
  /** Calls that the connection, not their stream, holds back; they take turns. */
  private readonly waiting = new Set<H2Call>();

  constructor(private readonly output: Output) {}

  /** Sends what can go out of one call, and END_STREAM behind its last byte. */
  send(call: H2Call): void {
    const { queue, stream } = call;
    while (queue.length > 0) {
      if (this.stuck) {
        this.waiting.add(call);
        return;
      }
      const n = Math.min(queue.length, this.window, call.sendWindow, DEFAULT_FRAME_SIZE);
      if (n <= 0) return;
      const last = call.closing && n === queue.length;
      queue.take(this.output.frame(n, Frame.DATA, last ? Flag.END_STREAM : 0, stream), this.output.payload(n), n);
      this.window -= n;
      call.sendWindow -= n;
      call.closed = last;
      call.sent(n);
    }
    if (!call.closing || call.closed) return;
    call.closed = true;
    this.output.frame(0, Frame.DATA, Flag.END_STREAM, stream);
  }

  forget(call: H2Call): void {
    this.waiting.delete(call);
  }

  /** WINDOW_UPDATE of the connection. Throws a ConnectionError. */
  widen(increment: number): void {
    this.window += increment;
    if (this.window > MAX_31) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'connection window over 2^31-1');
    this.resume();
  }

  /** WINDOW_UPDATE of a stream, or what new settings make of it: less than before, perhaps less than nothing (RFC 9113, 6.9.2). */
  widenStream(call: H2Call, by: number): void {
    call.sendWindow += by;
    if (by > 0) this.send(call);
  }

  /** The connection takes more than before. */
  resume(): void {
    for (const call of this.waiting) {
      if (this.stuck) return;
      // Behind the others, if it has to wait again.
      this.waiting.delete(call);
      this.send(call);
    }
  }

  private get stuck(): boolean {
    return this.window <= 0 || this.output.backlog > MAX_BACKLOG;
  }
}
