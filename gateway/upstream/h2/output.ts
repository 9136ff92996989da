import type { Socket } from 'node:net';
import { DEFAULT_FRAME_SIZE, Flag, FRAME_HEAD, Frame } from './protocol.js';

const CHUNK = 32 * 1024;

/**
 * What goes out on one connection. Frames of one turn of the event loop are gathered and leave in one write: a system call costs far more than
 * a frame.
 */
export class Output {
  private buf = Buffer.allocUnsafeSlow(CHUNK);
  private length = 0;
  private scheduled = false;
  private readonly flushing = (): void => {
    this.scheduled = false;
    this.flush();
  };

  constructor(
    private readonly socket: Socket,
    /** Called before what was gathered leaves. */
    private readonly onFlush: () => void,
  ) {}

  /** Octets that the socket has not taken yet. */
  get backlog(): number {
    return this.socket.writableLength;
  }

  /** Starts a frame and returns its buffer, into which the caller writes `length` octets of payload at `payload()`. */
  frame(length: number, type: number, flags: number, stream: number): Buffer {
    const need = FRAME_HEAD + length;
    if (this.length + need > this.buf.length) this.grow(need);
    const { buf } = this;
    const at = this.length;
    buf[at] = length >> 16;
    buf[at + 1] = length >> 8;
    buf[at + 2] = length;
    buf[at + 3] = type;
    buf[at + 4] = flags;
    buf.writeUInt32BE(stream, at + 5);
    this.length = at + need;
    if (!this.scheduled) {
      this.scheduled = true;
      setImmediate(this.flushing);
    }
    return buf;
  }

  /** Where the payload of the last frame, of that length, begins. */
  payload(length: number): number {
    return this.length - length;
  }

  /** A frame whose payload is one 32-bit number: WINDOW_UPDATE, RST_STREAM. */
  word(type: number, stream: number, value: number): void {
    this.frame(4, type, 0, stream).writeUInt32BE(value, this.payload(4));
  }

  /** The header block `block[start..end)`, in as many frames as it needs (RFC 9113, 6.2 and 6.10). */
  headers(stream: number, block: Buffer, start: number, end: number, endStream: boolean): void {
    let pos = start;
    do {
      const n = Math.min(end - pos, DEFAULT_FRAME_SIZE);
      const flags = (pos === start && endStream ? Flag.END_STREAM : 0) | (pos + n === end ? Flag.END_HEADERS : 0);
      block.copy(this.frame(n, pos === start ? Frame.HEADERS : Frame.CONTINUATION, flags, stream), this.payload(n), pos, pos + n);
      pos += n;
    } while (pos < end);
  }

  /** This side accepts no streams: none was the last (RFC 9113, 6.8). */
  goaway(code: number): void {
    const buf = this.frame(8, Frame.GOAWAY, 0, 0);
    buf.writeUInt32BE(0, this.payload(8));
    buf.writeUInt32BE(code, this.payload(4));
  }

  /** Hands over what was gathered. */
  flush(): void {
    const { buf, length } = this;
    this.length = 0;
    if (length === 0 || !this.socket.writable) return;
    this.onFlush();
    this.socket.write(length === buf.length ? buf : buf.subarray(0, length));
    // What the system took at once is free again; otherwise it belongs to the socket until it is written.
    if (this.socket.writableLength > 0) this.buf = Buffer.allocUnsafeSlow(CHUNK);
  }

  private grow(need: number): void {
    this.flush();
    if (need > this.buf.length) this.buf = Buffer.allocUnsafeSlow(need);
  }
}
