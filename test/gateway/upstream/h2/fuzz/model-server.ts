import { FrameReader } from '../../../../../gateway/upstream/h2/frame-reader.js';
import { HpackDecoder } from '../../../../../gateway/upstream/h2/hpack/decoder.js';
import { DEFAULT_WINDOW, Flag, Frame, PREFACE, Setting } from '../../../../../gateway/upstream/h2/protocol.js';
import { frame, setting, uint32 } from '../peer.js';

/** A stream as the server sees it. */
export class ServerStream {
  /** Octets that the client may send. */
  window: number;
  /** Octets that the server may send. */
  sendWindow = DEFAULT_WINDOW;
  received = Buffer.alloc(0);
  /** What is to be sent as DATA. */
  out = Buffer.alloc(0);
  /** Octets of it that were sent. */
  sent = 0;
  headSent = false;
  /** The client has ended its side. */
  closedByClient = false;
  /** Reset by one side, or ended by the server. */
  over = false;

  constructor(
    readonly id: number,
    window: number,
  ) {
    this.window = window;
  }
}

/**
 * The server's end of a connection: holds the client to RFC 9113, counts windows both ways, and makes frames that are right. Throws where the
 * client is wrong.
 */
export class ModelServer {
  readonly streams = new Map<number, ServerStream>();
  /** False once the server has said what it does not know itself: its windows are not as the client sees them. */
  counts = true;
  private preface = PREFACE.length;
  /** SETTINGS_INITIAL_WINDOW_SIZE. */
  private initial = DEFAULT_WINDOW;
  /** Of the connection: what the client may send, and what the server may. */
  window = DEFAULT_WINDOW;
  sendWindow = DEFAULT_WINDOW;
  private lastStream = -1;
  private readonly hpack = new HpackDecoder(4096, 100_000);
  private readonly reader = new FrameReader({
    data: (stream, buf, start, end, size, endStream) => this.data(stream, buf.subarray(start, end), size, endStream),
    frame: (type, flags, stream, buf, start, end) => this.frame(type, flags, stream, buf.subarray(start, end)),
  });

  /** What the client wrote. */
  hear(octets: Buffer): void {
    const skip = Math.min(this.preface, octets.length);
    this.preface -= skip;
    this.reader.push(octets, skip, octets.length);
  }

  /** Streams to which the server may still say something. */
  open(): ServerStream[] {
    return [...this.streams.values()].filter((s) => !s.over);
  }

  initialWindow(size: number): Buffer {
    for (const s of this.streams.values()) s.window += size - this.initial;
    this.initial = size;
    return frame(Frame.SETTINGS, 0, 0, setting(Setting.INITIAL_WINDOW_SIZE, size));
  }

  /** WINDOW_UPDATE of a stream, or of the connection. */
  widen(s: ServerStream | undefined, by: number): Buffer {
    if (s === undefined) this.window += by;
    else s.window += by;
    return frame(Frame.WINDOW_UPDATE, 0, s?.id ?? 0, uint32(by));
  }

  /** Up to `most` octets of what is to be sent, padded by `padding`; undefined if the windows allow none. */
  sendData(s: ServerStream, most: number, padding: number): Buffer | undefined {
    const room = Math.min(s.sendWindow, this.sendWindow, 16_384) - (padding > 0 ? padding + 1 : 0);
    const n = Math.min(most, s.out.length, room);
    if (n <= 0) return undefined;
    const part = s.out.subarray(0, n);
    s.out = s.out.subarray(n);
    s.sent += n;
    const payload = padding > 0 ? Buffer.concat([Buffer.from([padding]), part, Buffer.alloc(padding)]) : part;
    s.sendWindow -= payload.length;
    this.sendWindow -= payload.length;
    return frame(Frame.DATA, padding > 0 ? Flag.PADDED : 0, s.id, payload);
  }

  reset(s: ServerStream, code: number): Buffer {
    s.over = true;
    return frame(Frame.RST_STREAM, 0, s.id, uint32(code));
  }

  private stream(id: number): ServerStream {
    const s = this.streams.get(id);
    if (s === undefined) throw new Error(`a frame on stream ${id}, which is not open`);
    return s;
  }

  private data(id: number, part: Buffer, size: number, endStream: boolean): void {
    const s = this.stream(id);
    if (s.closedByClient) throw new Error(`DATA on stream ${id}, which the client had ended`);
    this.window -= size;
    s.window -= size;
    if (this.counts && size > 0 && (this.window < 0 || s.window < 0))
      throw new Error(`DATA on stream ${id} beyond its windows: ${s.window}, ${this.window}`);
    s.received = Buffer.concat([s.received, part]);
    s.closedByClient = endStream;
  }

  private frame(type: number, flags: number, id: number, payload: Buffer): void {
    switch (type) {
      case Frame.HEADERS: {
        if (id % 2 !== 1 || id <= this.lastStream) throw new Error(`HEADERS on stream ${id} behind ${this.lastStream}`);
        if ((flags & Flag.END_HEADERS) === 0) throw new Error('no call here has such long headers');
        this.hpack.decode(payload, 0, payload.length, () => {});
        this.lastStream = id;
        const s = new ServerStream(id, this.initial);
        s.closedByClient = (flags & Flag.END_STREAM) !== 0;
        this.streams.set(id, s);
        return;
      }
      case Frame.RST_STREAM: {
        const s = this.stream(id);
        s.over = true;
        s.closedByClient = true;
        return;
      }
      case Frame.WINDOW_UPDATE: {
        const by = payload.readUInt32BE(0);
        if (by === 0) throw new Error(`stream ${id} widened by nothing`);
        if (id === 0) this.sendWindow += by;
        else this.stream(id).sendWindow += by;
        return;
      }
      case Frame.GOAWAY:
      case Frame.SETTINGS:
      case Frame.PING:
        return;
      default:
        throw new Error(`a frame of type ${type}`);
    }
  }
}
