import { ConnectionError, DEFAULT_WINDOW, ErrorCode, MAX_31, Setting } from './protocol.js';

/** Size of a header table before anybody says otherwise (RFC 9113, 6.5.2). */
const DEFAULT_TABLE = 4096;

/** What the server has set (RFC 9113, 6.5.2). The frame size does not matter: this side sends no larger frames than all take. */
export interface PeerSettings {
  /** This side indexes nothing, but has to say so in the next header block if the server takes a smaller table than before (RFC 7541, 4.2). */
  tableShrank: boolean;
  maxStreams: number;
  initialWindow: number;
  maxHeaderList: number;
}

/** What holds of a server that has not said anything yet (RFC 9113, section 6.5.2). */
export function defaultSettings(): PeerSettings {
  return {
    tableShrank: false,
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
      case Setting.HEADER_TABLE_SIZE:
        to.tableShrank ||= value < DEFAULT_TABLE;
        break;
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
