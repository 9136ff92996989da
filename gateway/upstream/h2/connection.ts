import type { Socket } from 'node:net';
import { localStatus } from '../local-status.js';
import type { H2Call } from './call.js';
import { FrameReader } from './frame-reader.js';
import { MAX_HEADER_LIST } from './header-block.js';
import { CONNECTION_WINDOW, Inbound, type Streams } from './inbound.js';
import { Output } from './output.js';
import { ConnectionError, DEFAULT_WINDOW, ErrorCode, Frame, MAX_31, PREFACE } from './protocol.js';
import { RequestHead } from './request-head.js';
import { Sender } from './sender.js';
import { defaultSettings, ownSettings } from './settings.js';

/** Octets of answers to the server's own frames that may wait: more means that it does not read. */
const MAX_BACKLOG = 4 * 1024 * 1024;

/** How long the last octets of a connection may take to leave. */
const FAREWELL_MS = 1000;

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
export class Connection implements Streams {
  private readonly streams = new Map<number, H2Call>();
  private readonly output: Output;
  private readonly sender: Sender;
  private readonly reader: FrameReader;
  private readonly settings = defaultSettings();
  private usable = false;
  private drained = false;
  private dead = false;
  private nextStream = 1;
  /** Streams below it have left this process. */
  private flushed = 1;
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
    this.reader = new FrameReader(new Inbound(this, this.output, this.sender, this.settings));
    socket.setNoDelay(true);
    socket.on('drain', () => this.sender.resume());
    socket.on('error', (error) => this.die(error.message));
    socket.on('close', () => this.die('connection closed'));
    socket.write(PREFACE);
    const settings = ownSettings(MAX_HEADER_LIST);
    settings.copy(this.output.frame(settings.length, Frame.SETTINGS, 0, 0), this.output.payload(settings.length));
    this.output.word(Frame.WINDOW_UPDATE, 0, CONNECTION_WINDOW - DEFAULT_WINDOW);
    this.output.flush();
  }

  /** Calls in progress. */
  get active(): number {
    return this.streams.size;
  }

  /** A call can be opened now. */
  get free(): boolean {
    return this.usable && !this.drained && this.streams.size < this.settings.maxStreams;
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

  get(stream: number): H2Call | undefined {
    return this.streams.get(stream);
  }

  all(): Iterable<H2Call> {
    return [...this.streams.values()];
  }

  opened(stream: number): boolean {
    return stream % 2 === 1 && stream < this.nextStream;
  }

  settled(): void {
    if (this.usable) {
      if (this.free) this.owner.room(this);
      return;
    }
    this.usable = true;
    this.socket.unref();
    this.owner.ready(this);
  }

  goaway(last: number): void {
    this.drain();
    // What lies above was not and will not be processed (RFC 9113, 6.8).
    for (const call of this.all()) {
      if (call.stream <= last) continue;
      this.remove(call);
      call.lost(localStatus(14, 'the server goes away', false));
    }
  }

  remove(call: H2Call): void {
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
    this.hangUp(ErrorCode.NO_ERROR, 'connection closed');
  }

  private fail(error: unknown): void {
    const known = error instanceof ConnectionError;
    this.hangUp(known ? error.code : ErrorCode.INTERNAL_ERROR, error instanceof Error ? error.message : String(error));
    if (!known) process.emitWarning(error instanceof Error ? error : String(error));
  }

  private hangUp(code: number, why: string): void {
    const { socket } = this;
    this.output.goaway(code);
    this.output.flush();
    socket.destroySoon();
    // A server that does not read must not keep it.
    setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
    this.die(why);
  }

  private die(why: string): void {
    if (this.dead) return;
    this.dead = true;
    this.drained = true;
    this.owner.gone(this, why);
    const calls = [...this.streams.values()];
    this.streams.clear();
    for (const call of calls) call.lost(localStatus(14, `connection lost: ${why}`, call.stream < this.flushed));
  }
}
