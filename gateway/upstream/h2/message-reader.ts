/** Takes messages as they are complete. */
export interface MessageSink {
  /** `compressed`: the flag in front. `reused`: the bytes are only valid now. */
  complete(message: Uint8Array, compressed: boolean, reused: boolean): void;
  /** A message that announces more bytes than are allowed; nothing follows. */
  tooLong(length: number): void;
}

/** Bytes of a cut message that are made room for before any came: what a server only announces costs nothing. */
const FIRST_ROOM = 64 * 1024;

/**
 * Memory of messages that come in pieces and fit, reused: fresh memory costs more than what is copied into it. That of several calls at a time is
 * kept, 2 MiB at most.
 */
const ROOM = 128 * 1024;
const KEPT_ROOMS = 16;
const rooms: Buffer[] = [];

/** Cuts DATA into messages behind five bytes of flag and length (gRPC over HTTP/2, "Length-Prefixed-Message"), however the frames fall. */
export class MessageReader {
  private headFill = 0;
  private flag = 0;
  private length = 0;
  private body: Buffer | undefined;
  private fill = 0;

  constructor(
    private readonly maxMessage: number,
    private readonly sink: MessageSink,
  ) {}

  /** Bytes of the message that has begun and is not complete: what came of it. */
  get held(): number {
    return this.fill;
  }

  /** Bytes of the message that has begun and is not complete: what is still to come. */
  get missing(): number {
    return this.body === undefined ? 0 : this.length - this.fill;
  }

  /** Something came of a message that is not complete. */
  get cut(): boolean {
    return this.headFill > 0 || this.body !== undefined;
  }

  push(buf: Buffer, pos: number, end: number): void {
    while (pos < end) {
      if (this.body !== undefined) {
        pos = this.fillBody(this.body, buf, pos, end);
        continue;
      }
      pos = this.readHead(buf, pos, end);
      if (this.headFill < 5) return;
      this.headFill = 0;
      if (this.length > this.maxMessage) {
        this.sink.tooLong(this.length);
        return;
      }
      if (this.length <= end - pos) {
        pos += this.length;
        this.sink.complete(buf.subarray(pos - this.length, pos), this.flag !== 0, true);
      } else {
        this.body = this.fits ? (rooms.pop() ?? Buffer.allocUnsafeSlow(ROOM)) : Buffer.allocUnsafe(Math.max(FIRST_ROOM, end - pos));
      }
    }
  }

  private get fits(): boolean {
    return this.length <= ROOM;
  }

  private readHead(buf: Buffer, pos: number, end: number): number {
    if (this.headFill === 0 && end - pos >= 5) {
      this.flag = buf[pos] ?? 0;
      this.length = buf.readUInt32BE(pos + 1);
      this.headFill = 5;
      return pos + 5;
    }
    for (; this.headFill < 5 && pos < end; this.headFill++, pos++) {
      const octet = buf[pos] ?? 0;
      if (this.headFill === 0) {
        this.flag = octet;
        this.length = 0;
      } else {
        this.length = this.length * 256 + octet;
      }
    }
    return pos;
  }

  private fillBody(body: Buffer, buf: Buffer, pos: number, end: number): number {
    const n = Math.min(this.length - this.fill, end - pos);
    if (this.fill + n > body.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.length, Math.max(2 * body.length, this.fill + n)));
      body.copy(larger, 0, 0, this.fill);
      body = larger;
      this.body = larger;
    }
    buf.copy(body, this.fill, pos, pos + n);
    this.fill += n;
    if (this.fill === this.length) {
      const { fits } = this;
      this.body = undefined;
      this.fill = 0;
      this.sink.complete(fits ? body.subarray(0, this.length) : body, this.flag !== 0, fits);
      if (fits && rooms.length < KEPT_ROOMS) rooms.push(body);
    }
    return pos + n;
  }
}
