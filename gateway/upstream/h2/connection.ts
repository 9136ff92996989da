import type { Socket } from 'node:net';
import type { KeepAlive } from '../call.js';
import { localStatus } from '../local-status.js';
import type { Carrier, H2Call } from './call.js';
import { FloodGuard } from './flood-guard.js';
import { FrameReader } from './frame-reader.js';
import { MAX_HEADER_LIST } from './header-block.js';
import { CONNECTION_WINDOW, Inbound, type Streams } from './inbound.js';
import { KeepAlivePings, type KeptAlive } from './keep-alive.js';
import { OpenStreams } from './open-streams.js';
import { Output } from './output.js';
import { ConnectionError, DEFAULT_WINDOW, ErrorCode, Frame, MAX_31, PREFACE } from './protocol.js';
import { RequestHead } from './request-head.js';
import { Sender } from './sender.js';
import { defaultSettings, ownSettings } from './settings.js';

/** Octets that may wait for a server that does not read: no calls are added to more, no answers to its own frames. */
const MAX_BACKLOG = 4 * 1024 * 1024;

/** How long the last octets of a connection may take to leave. */
const FAREWELL_MS = 1000;

/** Idle time after which the kernel asks whether the other side is there: costs the server nothing, and finds hosts that are gone. */
const TCP_KEEP_ALIVE_MS = 30_000;

/** Who opened a connection. */
export interface ConnectionOwner {
  /** The server's settings are here: calls may be opened. */
  ready(c: Connection): void;
  /** A stream is free. */
  room(c: Connection): void;
  /** No new calls; those in progress go on. */
  draining(c: Connection): void;
  /** The server says that it is asked too often whether it is there. */
  tooManyPings(): void;
  /** Gone, with all its calls. */
  gone(c: Connection, why: string): void;
}

/** One HTTP/2 connection, the client's side (RFC 9113). */
export class Connection implements Streams, KeptAlive, Carrier {
  private readonly streams = new OpenStreams<H2Call>();
  private readonly output: Output;
  private readonly sender: Sender;
  private readonly reader: FrameReader;
  private readonly settings = defaultSettings();
  private readonly guard = new FloodGuard();
  private readonly pings: KeepAlivePings | undefined;
  private usable = false;
  private drained = false;
  private isDead = false;
  private nextStream = 1;
  /** Streams below it have left this process. */
  private flushed = 1;
  /** `performance.now()` when the last stream ended. */
  idleSince = performance.now();

  constructor(
    private readonly socket: Socket,
    private readonly owner: ConnectionOwner,
    keepAlive: KeepAlive | undefined,
  ) {
    this.pings = keepAlive === undefined ? undefined : new KeepAlivePings(keepAlive, this);
    this.output = new Output(socket, () => {
      this.flushed = this.nextStream;
    });
    this.sender = new Sender(this.output);
    this.reader = new FrameReader(new Inbound(this, this.output, this.sender, this.settings, this.guard));
    socket.setNoDelay(true).setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    socket.on('drain', () => {
      this.sender.resume();
      this.owner.room(this);
    });
    // What this side still has to say would keep it from closing.
    socket.on('end', () => {
      socket.destroy();
      this.die('connection closed');
    });
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
    return this.usable && !this.drained && this.streams.size < this.settings.maxStreams && this.output.backlog <= MAX_BACKLOG;
  }

  /** The server lets nothing begin. */
  get refusing(): boolean {
    return this.settings.maxStreams === 0;
  }

  /** A call was opened. */
  get used(): boolean {
    return this.nextStream > 1;
  }

  /** Sends a call. Only when `free`. */
  open(call: H2Call): void {
    const left = call.deadline - performance.now();
    // A timer that is late has not ended it yet.
    if (left <= 0) {
      call.refuse(4, 'the deadline had passed before there was a connection');
      return;
    }
    const { maxHeaderList } = this.settings;
    const size = maxHeaderList === Number.POSITIVE_INFINITY ? 0 : call.requestHead.listSize(left, call.options.metadata);
    if (size > maxHeaderList) {
      call.refuse(8, `metadata of ${size} octets, the server allows ${maxHeaderList}`);
      return;
    }
    const end = call.requestHead.write(left, call.options.metadata);
    const stream = this.nextStream;
    this.nextStream += 2;
    if (this.streams.size === 0) {
      this.socket.ref();
      this.pings?.begin();
    }
    call.opened(this, stream, this.settings.initialWindow);
    this.streams.add(call);
    call.closed = call.closing && call.queue.length === 0;
    this.output.headers(stream, RequestHead.block, this.settings.tableShrank ? 0 : RequestHead.START, end, call.closed);
    this.settings.tableShrank = false;
    this.sender.send(call);
    // Identifiers are not used again (RFC 9113, 5.1.1).
    if (this.nextStream > MAX_31) this.drain();
  }

  send(call: H2Call): void {
    this.sender.send(call);
  }

  grant(stream: number, bytes: number): void {
    this.output.word(Frame.WINDOW_UPDATE, stream, bytes);
  }

  reset(call: H2Call, code: number): void {
    this.output.word(Frame.RST_STREAM, call.stream, code);
    this.guard.brokeOff(call.recvWindow);
    this.remove(call);
  }

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
    if (this.isDead) return;
    this.pings?.hear();
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
    return this.streams.all();
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

  ping(): void {
    this.output.frame(8, Frame.PING, 0, 0).fill(0, this.output.payload(8), this.output.payload(8) + 8);
  }

  dead(): void {
    this.hangUp(ErrorCode.NO_ERROR, 'the server does not answer keep-alive pings');
  }

  goaway(last: number, tooManyPings: boolean): void {
    if (tooManyPings) this.owner.tooManyPings();
    this.drain();
    // What lies above was not and will not be processed (RFC 9113, 6.8).
    for (const call of this.all()) {
      if (call.stream <= last) continue;
      this.remove(call);
      call.lost(localStatus(14, 'the server goes away', false));
    }
  }

  remove(call: H2Call): void {
    this.streams.delete(call);
    this.sender.forget(call);
    if (this.streams.size === 0) {
      this.idleSince = performance.now();
      this.pings?.end();
      this.socket.unref();
    }
    if (this.drained) this.closeIfDone();
    else this.owner.room(this);
  }

  private closeIfDone(): void {
    if (this.streams.size > 0 || this.isDead) return;
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
    const timer = setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
    socket.once('close', () => clearTimeout(timer));
    this.die(why);
  }

  private die(why: string): void {
    if (this.isDead) return;
    this.isDead = true;
    this.drained = true;
    this.pings?.end();
    this.owner.gone(this, why);
    for (const call of this.all()) {
      this.streams.delete(call);
      this.sender.forget(call);
      call.lost(localStatus(14, `connection lost: ${why}`, call.stream < this.flushed));
    }
  }
}
