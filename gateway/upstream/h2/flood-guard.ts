import { ConnectionError, ErrorCode } from './protocol.js';

/** Frames a second that cost work and bring nothing, beyond what the answers of that second excuse. */
const MAX_A_SECOND = 10_000;

/** Servers send some with an answer: grpc-go measures its way with a PING a message and widens its window by every request. */
const EXCUSED_BY_ANSWER = 8;

/** Notices a server that keeps its client busy for nothing: PING, SETTINGS, empty DATA, frames on streams that are over (RFC 9113, 10.5). */
export class FloodGuard {
  private frames = 0;
  private since = performance.now();

  /** One such frame came. Throws a ConnectionError. */
  count(): void {
    this.frames += 1;
    if (this.frames <= MAX_A_SECOND) return;
    const now = performance.now();
    if (now - this.since < 1000) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'too many frames for nothing');
    this.frames = 0;
    this.since = now;
  }

  /** The server has answered a call. */
  excuse(): void {
    this.frames = Math.max(0, this.frames - EXCUSED_BY_ANSWER);
  }
}
