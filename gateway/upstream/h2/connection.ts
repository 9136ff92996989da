import type { Socket } from 'node:net';
import type { Status } from '../call.js';
import { localStatus } from '../local-status.js';
import type { H2Call } from './call.js';
import { FloodGuard } from './flood-guard.js';
import { type FrameHandler, FrameReader } from './frame-reader.js';
import { HeaderAssembly, unexpected } from './header-assembly.js';
import { type HeaderBlock, MAX_HEADER_LIST } from './header-block.js';
import { Output } from './output.js';
import { ConnectionError, DEFAULT_WINDOW, ErrorCode, Flag, Frame, MAX_31, PREFACE } from './protocol.js';
import { RequestHead } from './request-head.js';
import { resetStatus } from './reset-status.js';
import { Sender } from './sender.js';
import { defaultSettings, ownSettings, readSettings } from './settings.js';

/** Window of the whole connection: what all streams hold back together is bounded by theirs. */
const WINDOW = 16 * 1024 * 1024;

/** Octets of answers to the server's own frames that may wait: more means that it does not read. */
const MAX_BACKLOG = 4 * 1024 * 1024;

/** Smaller widenings of the connection's window are not worth a frame. */
const MIN_INCREMENT = 1024;

/** Who opened a connection. */
export interface ConnectionOwner {
  /** The server's settings are here: calls may be opened. */
  ready(c: Connection): void;
  /** A stream is free. */
  room(c: Connection): void;
  /** No new calls; those in progress go on. */
  draining(c: Connection): void;
  /** Gone, with all its calls. */
  gone(c: Connection, why: string): void;
}

/** One HTTP/2 connection, the client's side (RFC 9113). */
export class Connection implements FrameHandler {
  private readonly streams = new Map<number, H2Call>();
  private readonly output: Output;
  private readonly sender: Sender;
  private readonly reader = new FrameReader(this);
  private readonly assembly = new HeaderAssembly();
  private readonly guard = new FloodGuard();
  private readonly settings = defaultSettings();
  private settled = false;
  private drained = false;
  private dead = false;
  private nextStream = 1;
  /** Streams below it have left this process. */
  private flushed = 1;
  private received = 0;
  /** `performance.now()` when the last stream ended. */
  idleSince = performance.now();

  constructor(
    private readonly socket: Socket,
    private readonly owner: ConnectionOwner,
  ) {
    this.output = new Output(socket, () => {
      this.flushed = this.nextStream;
    });
    this.sender = new Sender(this.output);
    socket.setNoDelay(true);
    socket.write(PREFACE);
    const settings = ownSettings(MAX_HEADER_LIST);
    settings.copy(this.output.frame(settings.length, Frame.SETTINGS, 0, 0), this.output.payload(settings.length));
    this.output.word(Frame.WINDOW_UPDATE, 0, WINDOW - DEFAULT_WINDOW);
    this.output.flush();
    socket.on('drain', () => this.sender.resume());
    socket.on('error', (error) => this.die(error.message));
    socket.on('close', () => this.die('connection closed'));
  }

  /** Calls in progress. */
  get active(): number {
    return this.streams.size;
  }

  /** A call can be opened now. */
  get free(): boolean {
    return this.settled && !this.drained && !this.dead && this.streams.size < this.settings.maxStreams;
  }

  /** Sends a call. Only when `free`. */
  open(call: H2Call): void {
    const length = call.requestHead.write(call.deadline - performance.now(), call.options.metadata);
    if (length > this.settings.maxHeaderList) {
      call.refuse(8, `metadata of ${length} octets, the server allows ${this.settings.maxHeaderList}`);
      return;
    }
    const stream = this.nextStream;
    this.nextStream += 2;
    if (this.streams.size === 0) this.socket.ref();
    this.streams.set(stream, call);
    call.opened(this, stream, this.settings.initialWindow);
    call.closed = call.closing && call.queue.length === 0;
    this.output.headers(stream, RequestHead.block, length, call.closed);
    this.sender.send(call);
    // Identifiers are not used again (RFC 9113, 5.1.1).
    if (this.nextStream > MAX_31) this.drain();
  }

  /** There is more to send. */
  send(call: H2Call): void {
    this.sender.send(call);
  }

  /** Widens the window of a stream. */
  grant(stream: number, bytes: number): void {
    this.output.word(Frame.WINDOW_UPDATE, stream, bytes);
  }

  /** Breaks a stream off. */
  reset(call: H2Call, code: number): void {
    this.output.word(Frame.RST_STREAM, call.stream, code);
    this.remove(call);
  }

  /** The server has ended its side of a stream; ends ours. */
  leave(call: H2Call): void {
    if (!call.closed) this.output.word(Frame.RST_STREAM, call.stream, ErrorCode.NO_ERROR);
    this.remove(call);
  }

  /** No new calls; closes after the last one. */
  drain(): void {
    if (this.drained) return;
    this.drained = true;
    this.owner.draining(this);
    this.closeIfDone();
  }

  /** What the socket delivered. */
  receive(buf: Buffer, start: number, end: number): void {
    if (this.dead) return;
    try {
      this.reader.push(buf, start, end);
      if (this.output.backlog > MAX_BACKLOG) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'the server does not read');
    } catch (error) {
      this.fail(error);
    }
  }

  data(stream: number, buf: Buffer, start: number, end: number, size: number, endStream: boolean): void {
    if (this.assembly.stream !== 0) throw unexpected(Frame.DATA);
    // Streams hold back on their own: what arrived is granted again, so early that this window never closes.
    this.received += size;
    if (this.received >= WINDOW / 2) {
      this.output.word(Frame.WINDOW_UPDATE, 0, this.received);
      this.received = 0;
    }
    const call = this.streams.get(stream);
    if (call === undefined || (size === 0 && !endStream)) {
      this.known(stream, Frame.DATA);
      this.guard.count();
    } else {
      call.data(buf, start, end, size, endStream);
    }
  }

  frame(type: number, flags: number, stream: number, buf: Buffer, start: number, end: number): void {
    // Nothing comes between the frames of one header block (RFC 9113, 4.3).
    if (this.assembly.stream !== 0 && type !== Frame.CONTINUATION) throw unexpected(type);
    switch (type) {
      case Frame.HEADERS:
        if (!this.streams.has(stream)) this.known(stream, type);
        this.block(stream, this.assembly.headers(flags, stream, buf, start, end));
        return;
      case Frame.CONTINUATION:
        this.block(stream, this.assembly.continuation(flags, stream, buf, start, end));
        return;
      case Frame.RST_STREAM:
        this.onReset(stream, buf, start, end);
        return;
      case Frame.WINDOW_UPDATE:
        this.onWindow(stream, buf, start, end);
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

  /** Ends everything at once. */
  destroy(why: string): void {
    this.output.flush();
    this.socket.destroy();
    this.die(why);
  }

  private block(stream: number, block: HeaderBlock | undefined): void {
    if (block === undefined) return;
    const call = this.streams.get(stream);
    if (call === undefined) this.guard.count();
    else call.block(block, this.assembly.endStream);
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
    for (const call of change === 0 ? [] : this.streams.values()) this.widen(call, change, true);
    if (!this.settled) {
      this.settled = true;
      this.socket.unref();
      this.owner.ready(this);
    } else if (this.free) {
      this.owner.room(this);
    }
  }

  private onPing(flags: number, stream: number, buf: Buffer, start: number, end: number): void {
    if (stream !== 0) throw unexpected(Frame.PING);
    sized(end - start, 8);
    if ((flags & Flag.ACK) === 0) buf.copy(this.output.frame(8, Frame.PING, Flag.ACK, 0), this.output.payload(8), start, end);
  }

  private onReset(stream: number, buf: Buffer, start: number, end: number): void {
    sized(end - start, 4);
    const call = this.streams.get(stream);
    if (call === undefined) {
      this.known(stream, Frame.RST_STREAM);
      this.guard.count();
      return;
    }
    this.remove(call);
    call.lost(resetStatus(buf.readUInt32BE(start)));
  }

  private onWindow(stream: number, buf: Buffer, start: number, end: number): void {
    sized(end - start, 4);
    const increment = buf.readUInt32BE(start) & MAX_31;
    const call = this.streams.get(stream);
    if (stream === 0) {
      if (increment === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'window widened by nothing');
      if (increment < MIN_INCREMENT) this.guard.count();
      this.sender.widen(increment);
    } else if (call !== undefined) {
      this.widen(call, increment, false);
    } else {
      this.known(stream, Frame.WINDOW_UPDATE);
      this.guard.count();
    }
  }

  private widen(call: H2Call, by: number, bySettings: boolean): void {
    call.sendWindow += by;
    if (call.sendWindow > MAX_31 && bySettings) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'stream window over 2^31-1');
    if (call.sendWindow > MAX_31 || (by === 0 && !bySettings)) {
      this.reset(call, by === 0 ? ErrorCode.PROTOCOL_ERROR : ErrorCode.FLOW_CONTROL_ERROR);
      call.lost(localStatus(13, 'the server broke HTTP/2: impossible window', true));
      return;
    }
    if (by > 0) this.sender.send(call);
  }

  private onGoaway(stream: number, buf: Buffer, start: number, end: number): void {
    if (stream !== 0) throw unexpected(Frame.GOAWAY);
    if (end - start < 8) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'GOAWAY cut short');
    const last = buf.readUInt32BE(start) & MAX_31;
    this.drain();
    // What lies above was not and will not be processed (RFC 9113, 6.8).
    for (const call of [...this.streams.values()]) {
      if (call.stream <= last) continue;
      this.remove(call);
      call.lost(localStatus(14, 'the server goes away', false));
    }
  }

  /** A frame on a stream that is over is late, on one that never was it is wrong (RFC 9113, 5.1). */
  private known(stream: number, type: number): void {
    if (stream % 2 === 0 || stream >= this.nextStream) throw unexpected(type);
  }

  private remove(call: H2Call): void {
    this.streams.delete(call.stream);
    this.sender.forget(call);
    if (this.streams.size === 0) {
      this.idleSince = performance.now();
      this.socket.unref();
    }
    if (this.drained) this.closeIfDone();
    else this.owner.room(this);
  }

  private closeIfDone(): void {
    if (this.streams.size > 0 || this.dead) return;
    this.output.goaway(ErrorCode.NO_ERROR);
    this.output.flush();
    this.socket.destroySoon();
    this.die('connection closed');
  }

  private fail(error: unknown): void {
    const known = error instanceof ConnectionError;
    this.output.goaway(known ? error.code : ErrorCode.INTERNAL_ERROR);
    this.destroy(error instanceof Error ? error.message : String(error));
    if (!known) process.emitWarning(error instanceof Error ? error : String(error));
  }

  private die(why: string): void {
    if (this.dead) return;
    this.dead = true;
    this.drained = true;
    this.owner.gone(this, why);
    const calls = [...this.streams.values()];
    this.streams.clear();
    for (const call of calls) call.lost(lostStatus(why, call.stream < this.flushed));
  }
}

function lostStatus(why: string, processed: boolean): Status {
  return localStatus(14, `connection lost: ${why}`, processed);
}

function sized(is: number, must: number): void {
  if (is !== must) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `frame of ${is} octets, not ${must}`);
}
