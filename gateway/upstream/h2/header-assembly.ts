import { BlockReader } from './block-reader.js';
import type { HeaderBlock } from './header-block.js';
import { ConnectionError, ErrorCode, Flag, Frame } from './protocol.js';

/** Longest header block, octets as sent, over all its frames. */
const MAX_BLOCK = 64 * 1024;

/** Most frames of one. */
const MAX_FRAMES = 64;

/** Puts HEADERS and CONTINUATION together (RFC 9113, 4.3, 6.2 and 6.10). */
export class HeaderAssembly {
  private readonly reader = new BlockReader();
  private parts: Buffer[] = [];
  private length = 0;
  private frames = 0;
  /** The stream whose block is not finished: nothing else may come in between. 0 = none. */
  stream = 0;
  /** END_STREAM of the HEADERS frame. */
  endStream = false;

  /** The block, once it is whole. Throws a ConnectionError. */
  headers(flags: number, stream: number, buf: Buffer, start: number, end: number): HeaderBlock | undefined {
    this.endStream = (flags & Flag.END_STREAM) !== 0;
    if ((flags & Flag.PADDED) !== 0) {
      const padding = buf[start] ?? 0;
      start += 1;
      end -= padding;
    }
    if ((flags & Flag.PRIORITY) !== 0) start += 5;
    if (start > end) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'padding longer than its frame');
    if ((flags & Flag.END_HEADERS) !== 0) return this.reader.read(buf, start, end);
    this.stream = stream;
    this.frames = 0;
    this.keep(buf, start, end);
    return undefined;
  }

  /** As `headers`. */
  continuation(flags: number, stream: number, buf: Buffer, start: number, end: number): HeaderBlock | undefined {
    if (this.stream === 0 || stream !== this.stream) throw unexpected(Frame.CONTINUATION);
    this.keep(buf, start, end);
    if ((flags & Flag.END_HEADERS) === 0) return undefined;
    const whole = Buffer.concat(this.parts, this.length);
    this.parts = [];
    this.length = 0;
    this.stream = 0;
    return this.reader.read(whole, 0, whole.length);
  }

  private keep(buf: Buffer, start: number, end: number): void {
    this.length += end - start;
    this.frames += 1;
    // A block that never ends costs nothing to send (CVE-2024-27983 and its kin).
    if (this.length > MAX_BLOCK || this.frames > MAX_FRAMES)
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'header block too long');
    this.parts.push(Buffer.from(buf.subarray(start, end)));
  }
}

/** A frame where it must not be (RFC 9113, 5.1 and 6). */
export function unexpected(type: number): ConnectionError {
  return new ConnectionError(ErrorCode.PROTOCOL_ERROR, `unexpected frame of type ${type}`);
}
