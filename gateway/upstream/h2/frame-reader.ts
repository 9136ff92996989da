import { ConnectionError, DEFAULT_FRAME_SIZE, ErrorCode, Flag, FRAME_HEAD, Frame } from './protocol.js';

/** Takes frames; payloads are ranges of a buffer that is reused. */
export interface FrameHandler {
  /** A part of a DATA frame, as it comes. `size`: octets that count for flow control, padding included. `end`: END_STREAM, with the last part. */
  data(stream: number, buf: Buffer, start: number, end: number, size: number, endStream: boolean): void;
  /** Any other frame, whole. */
  frame(type: number, flags: number, stream: number, buf: Buffer, start: number, end: number): void;
}

/** Cuts what a socket delivers into frames (RFC 9113, 4.1). */
export class FrameReader {
  private readonly head = Buffer.allocUnsafeSlow(FRAME_HEAD);
  private headFill = 0;
  private inFrame = false;
  private type = 0;
  private flags = 0;
  private stream = 0;
  private length = 0;
  /** Octets of the payload that are still to come. */
  private left = 0;
  /** A payload that has to be whole before it is handed on, and was not in one piece. */
  private readonly partial = Buffer.allocUnsafeSlow(DEFAULT_FRAME_SIZE);
  /** Frames so far: what is read first tells whether this is HTTP/2 at all. */
  private frames = 0;

  constructor(private readonly handler: FrameHandler) {}

  /** Reads `buf[pos..end)`. Throws a ConnectionError. */
  push(buf: Buffer, pos: number, end: number): void {
    while (pos < end) {
      if (!this.inFrame) {
        pos = this.readHead(buf, pos, end);
        if (!this.inFrame) continue;
      }
      const n = Math.min(this.left, end - pos);
      if (this.type === Frame.DATA && (this.flags & Flag.PADDED) === 0) {
        this.left -= n;
        this.handler.data(this.stream, buf, pos, pos + n, n, this.left === 0 && (this.flags & Flag.END_STREAM) !== 0);
      } else if (n === this.length) {
        this.left = 0;
        this.dispatch(buf, pos, pos + n);
      } else {
        buf.copy(this.partial, this.length - this.left, pos, pos + n);
        this.left -= n;
        if (this.left === 0) this.dispatch(this.partial, 0, this.length);
      }
      pos += n;
      this.inFrame = this.left > 0;
    }
  }

  private readHead(buf: Buffer, pos: number, end: number): number {
    if (this.headFill === 0 && end - pos >= FRAME_HEAD) {
      this.begin(buf, pos);
      return pos + FRAME_HEAD;
    }
    const n = Math.min(FRAME_HEAD - this.headFill, end - pos);
    // A TLS alert is shorter than a frame's head; no SETTINGS frame is so long that its first octet is not 0.
    if (this.frames === 0 && this.headFill === 0 && buf[pos] !== 0) throw notHttp2();
    buf.copy(this.head, this.headFill, pos, pos + n);
    this.headFill += n;
    if (this.headFill === FRAME_HEAD) {
      this.headFill = 0;
      this.begin(this.head, 0);
    }
    return pos + n;
  }

  private begin(head: Buffer, pos: number): void {
    this.length = head.readUIntBE(pos, 3);
    this.type = head[pos + 3] ?? 0;
    this.flags = head[pos + 4] ?? 0;
    this.stream = head.readUInt32BE(pos + 5) & 0x7fffffff;
    // The server's preface is a SETTINGS frame (RFC 9113, 3.4).
    if (this.frames === 0 && (this.type !== Frame.SETTINGS || this.length > DEFAULT_FRAME_SIZE)) {
      throw notHttp2();
    }
    if (this.length > DEFAULT_FRAME_SIZE) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `frame of ${this.length} octets`);
    this.frames = 1;
    this.left = this.length;
    this.inFrame = true;
    if (this.length > 0) return;
    // Nothing will follow that would bring it out.
    this.inFrame = false;
    if (this.type === Frame.DATA && (this.flags & Flag.PADDED) === 0) {
      this.handler.data(this.stream, head, 0, 0, 0, (this.flags & Flag.END_STREAM) !== 0);
    } else {
      this.dispatch(head, 0, 0);
    }
  }

  private dispatch(buf: Buffer, start: number, end: number): void {
    if (this.type !== Frame.DATA) {
      this.handler.frame(this.type, this.flags, this.stream, buf, start, end);
      return;
    }
    // Padded DATA (RFC 9113, 6.1)
    const padding = buf[start] ?? 0;
    if (end === start || padding >= end - start) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'padding longer than its frame');
    this.handler.data(this.stream, buf, start + 1, end - padding, end - start, (this.flags & Flag.END_STREAM) !== 0);
  }
}

function notHttp2(): ConnectionError {
  return new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'the server does not speak HTTP/2');
}
