import { localStatus } from '../local-status.js';
import type { H2Call } from './call.js';
import type { FloodGuard } from './flood-guard.js';
import type { FrameHandler } from './frame-reader.js';
import { HeaderAssembly, unexpected } from './header-assembly.js';
import type { HeaderBlock } from './header-block.js';
import type { Output } from './output.js';
import { ConnectionError, ErrorCode, Flag, Frame, MAX_31 } from './protocol.js';
import { resetStatus } from './reset-status.js';
import type { Sender } from './sender.js';
import { type PeerSettings, readSettings } from './settings.js';

/** Window of the whole connection: what all streams hold back together is bounded by theirs. */
export const CONNECTION_WINDOW = 16 * 1024 * 1024;

/** Smaller widenings of the connection's window are not worth a frame. */
const MIN_INCREMENT = 1024;

/** What frames do to their connection. */
export interface Streams {
  /** The call of a stream that is open. */
  get(stream: number): H2Call | undefined;
  /** The calls of all open streams. */
  all(): Iterable<H2Call>;
  /** The stream is or was open. */
  opened(stream: number): boolean;
  /** The server is done with a stream. */
  remove(call: H2Call): void;
  /** Breaks a stream off. */
  reset(call: H2Call, code: number): void;
  /** The server's settings came or changed. */
  settled(): void;
  /** The server opens nothing new, and looks at no stream above `last`; perhaps because it was asked too often whether it is there. */
  goaway(last: number, tooManyPings: boolean): void;
}

/** Does what the server's frames say (RFC 9113, 6). Everything that breaks the connection is thrown as a ConnectionError. */
export class Inbound implements FrameHandler {
  private readonly assembly = new HeaderAssembly();
  private received = 0;

  constructor(
    private readonly streams: Streams,
    private readonly output: Output,
    private readonly sender: Sender,
    private readonly settings: PeerSettings,
    private readonly guard: FloodGuard,
  ) {}

  data(stream: number, buf: Buffer, start: number, end: number, size: number, endStream: boolean): void {
    if (this.assembly.stream !== 0) throw unexpected(Frame.DATA);
    // Streams hold back on their own: what arrived is granted again, so early that this window never closes.
    this.received += size;
    if (this.received >= CONNECTION_WINDOW / 2) {
      this.output.word(Frame.WINDOW_UPDATE, 0, this.received);
      this.received = 0;
    }
    const call = this.streams.get(stream);
    if (call === undefined) this.late(stream, Frame.DATA);
    else if (size === 0 && !endStream) this.guard.count();
    else call.data(buf, start, end, size, endStream);
  }

  frame(type: number, flags: number, stream: number, buf: Buffer, start: number, end: number): void {
    // Nothing comes between the frames of one header block (RFC 9113, 4.3).
    if (this.assembly.stream !== 0 && type !== Frame.CONTINUATION) throw unexpected(type);
    switch (type) {
      case Frame.HEADERS:
        if (!this.streams.opened(stream)) throw unexpected(type);
        this.block(stream, this.assembly.headers(flags, stream, buf, start, end));
        return;
      case Frame.CONTINUATION:
        this.block(stream, this.assembly.continuation(flags, stream, buf, start, end));
        return;
      case Frame.RST_STREAM:
        sized(end - start, 4);
        this.onReset(stream, buf.readUInt32BE(start));
        return;
      case Frame.WINDOW_UPDATE:
        sized(end - start, 4);
        this.onWindow(stream, buf.readUInt32BE(start) & MAX_31);
        return;
      case Frame.GOAWAY:
        this.onGoaway(stream, buf, start, end);
        return;
    }
    this.guard.count();
    if (type === Frame.SETTINGS) this.onSettings(flags, stream, buf, start, end);
    else if (type === Frame.PING) this.onPing(flags, stream, buf, start, end);
    else if (type === Frame.PUSH_PROMISE) throw unexpected(type);
    // PRIORITY and what nobody knows is ignored (RFC 9113, 5.3.2 and 5.5).
    else if (type === Frame.PRIORITY) sized(end - start, 5);
  }

  private block(stream: number, block: HeaderBlock | undefined): void {
    if (block === undefined) return;
    const call = this.streams.get(stream);
    if (call === undefined) {
      this.guard.countLate();
      return;
    }
    if (this.assembly.endStream) this.guard.excuse();
    else if (block.informational) this.guard.count();
    call.block(block, this.assembly.endStream);
  }

  private onSettings(flags: number, stream: number, buf: Buffer, start: number, end: number): void {
    if (stream !== 0) throw unexpected(Frame.SETTINGS);
    if ((flags & Flag.ACK) !== 0) {
      sized(end - start, 0);
      return;
    }
    const before = this.settings.initialWindow;
    readSettings(this.settings, buf, start, end);
    this.output.frame(0, Frame.SETTINGS, Flag.ACK, 0);
    const change = this.settings.initialWindow - before;
    if (change !== 0) {
      for (const call of this.streams.all()) {
        if (call.sendWindow + change > MAX_31) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'stream window over 2^31-1');
        this.sender.widenStream(call, change);
      }
    }
    this.streams.settled();
  }

  private onPing(flags: number, stream: number, buf: Buffer, start: number, end: number): void {
    if (stream !== 0) throw unexpected(Frame.PING);
    sized(end - start, 8);
    if ((flags & Flag.ACK) === 0) buf.copy(this.output.frame(8, Frame.PING, Flag.ACK, 0), this.output.payload(8), start, end);
  }

  private onReset(stream: number, code: number): void {
    const call = this.streams.get(stream);
    if (call === undefined) {
      this.late(stream, Frame.RST_STREAM);
      return;
    }
    this.streams.remove(call);
    call.lost(resetStatus(code));
  }

  private onWindow(stream: number, increment: number): void {
    if (stream === 0) {
      if (increment === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'window widened by nothing');
      if (increment < MIN_INCREMENT) this.guard.count();
      this.sender.widen(increment);
      return;
    }
    const call = this.streams.get(stream);
    if (call === undefined) {
      this.late(stream, Frame.WINDOW_UPDATE);
    } else if (increment === 0 || call.sendWindow + increment > MAX_31) {
      this.streams.reset(call, increment === 0 ? ErrorCode.PROTOCOL_ERROR : ErrorCode.FLOW_CONTROL_ERROR);
      call.lost(localStatus(13, 'the server broke HTTP/2: impossible window', true));
    } else {
      this.sender.widenStream(call, increment);
    }
  }

  private onGoaway(stream: number, buf: Buffer, start: number, end: number): void {
    if (stream !== 0) throw unexpected(Frame.GOAWAY);
    if (end - start < 8) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'GOAWAY cut short');
    this.guard.count();
    const calm = buf.readUInt32BE(start + 4) === ErrorCode.ENHANCE_YOUR_CALM;
    this.streams.goaway(buf.readUInt32BE(start) & MAX_31, calm && buf.toString('latin1', start + 8, end) === 'too_many_pings');
  }

  /** A frame on a stream that is over is late, on one that never was it is wrong (RFC 9113, 5.1). */
  private late(stream: number, type: number): void {
    if (!this.streams.opened(stream)) throw unexpected(type);
    this.guard.countLate();
  }
}

function sized(is: number, must: number): void {
  if (is !== must) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `frame of ${is} octets, not ${must}`);
}
