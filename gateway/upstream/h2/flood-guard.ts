import { ConnectionError, ErrorCode } from './protocol.js';

/** Frames a second that cost work and bring nothing, beyond what the answers of that second excuse. */
const MAX_A_SECOND = 10_000;

/** Servers send some with an answer: grpc-go measures its way with a PING a message and widens its window by every request. */
const EXCUSED_BY_ANSWER = 8;

/** Smallest part of a window that a message uses up: what came before a server knew of a broken stream is at most so many frames. */
const SMALLEST_DATA = 5;

/** Beside DATA: trailers, windows, a reset. */
const LATE_FRAMES = 8;

/** Frames that may be late in all. */
const MAX_LATE = 1_000_000;

/** Notices a server that keeps its client busy for nothing: PING, SETTINGS, empty DATA, frames on streams that are over (RFC 9113, 10.5). */
export class FloodGuard {
  private frames = 0;
  private since = performance.now();
  private late = 0;

  /** One such frame came. Throws a ConnectionError. */
  count(): void {
    this.frames += 1;
    if (this.frames <= MAX_A_SECOND) return;
    const now = performance.now();
    if (now - this.since < 1000) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'too many frames for nothing');
    this.frames = 0;
    this.since = now;
  }

  /** A frame came on a stream that is over. Throws a ConnectionError. */
  countLate(): void {
    if (this.late > 0) this.late -= 1;
    else this.count();
  }

  /** This side broke a stream off on which so many octets were allowed: they may be on their way. */
  brokeOff(octets: number): void {
    this.late = Math.min(MAX_LATE, this.late + LATE_FRAMES + Math.ceil(Math.max(0, octets) / SMALLEST_DATA));
  }

  /** The server has answered a call. */
  excuse(): void {
    this.frames = Math.max(0, this.frames - EXCUSED_BY_ANSWER);
  }
}
