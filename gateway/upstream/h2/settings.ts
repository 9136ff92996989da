import { ConnectionError, DEFAULT_WINDOW, ErrorCode, MAX_31, Setting } from './protocol.js';

/** What the server has set (RFC 9113, 6.5.2). Table and frame size do not matter: this side indexes nothing and sends no larger frames than all take. */
export interface PeerSettings {
  maxStreams: number;
  initialWindow: number;
  maxHeaderList: number;
}

export function defaultSettings(): PeerSettings {
  return {
    maxStreams: Number.POSITIVE_INFINITY,
    initialWindow: DEFAULT_WINDOW,

    maxHeaderList: Number.POSITIVE_INFINITY,
  };
}

/** Reads the payload of a SETTINGS frame into `to`. Throws a ConnectionError. */
export function readSettings(to: PeerSettings, buf: Buffer, start: number, end: number): void {
  if ((end - start) % 6 !== 0) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'SETTINGS cut short');
  for (let pos = start; pos < end; pos += 6) {
    const value = buf.readUInt32BE(pos + 2);
    switch (buf.readUInt16BE(pos)) {
      case Setting.ENABLE_PUSH:
        if (value !== 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'a server cannot enable push');
        break;
      case Setting.MAX_CONCURRENT_STREAMS:
        to.maxStreams = value;
        break;
      case Setting.INITIAL_WINDOW_SIZE:
        if (value > MAX_31) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'initial window over 2^31-1');
        to.initialWindow = value;
        break;
      case Setting.MAX_FRAME_SIZE:
        if (value < 16_384 || value > 16_777_215) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `frame size ${value}`);
        break;
      case Setting.MAX_HEADER_LIST_SIZE:
        to.maxHeaderList = value;
        break;
      default: // Unknown ones are ignored.
    }
  }
}

/** Payload of the SETTINGS frame of this side. */
export function ownSettings(maxHeaderList: number): Buffer {
  const out = Buffer.alloc(12);
  out.writeUInt16BE(Setting.ENABLE_PUSH, 0);
  out.writeUInt16BE(Setting.MAX_HEADER_LIST_SIZE, 6);
  out.writeUInt32BE(maxHeaderList, 8);
  return out;
}
