import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Test } from 'tap';
import { FrameReader } from '../../../../gateway/upstream/h2/frame-reader.js';
import { fieldBound, writeField } from '../../../../gateway/upstream/h2/hpack/encode.js';
import { Flag, Frame, PREFACE } from '../../../../gateway/upstream/h2/protocol.js';

/** A frame as it goes over the wire. */
export function frame(type: number, flags: number, stream: number, payload: string | Uint8Array): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload, 'latin1') : Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

/** A header block of literals. */
export function block(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(
    fields.map(([name, value]) => {
      const buf = Buffer.alloc(fieldBound(name, value.length));
      return buf.subarray(0, writeField(buf, 0, name, value));
    }),
  );
}

/** HEADERS with END_HEADERS. */
export function headers(stream: number, fields: readonly (readonly [string, string])[], endStream = false): Buffer {
  return frame(Frame.HEADERS, Flag.END_HEADERS | (endStream ? Flag.END_STREAM : 0), stream, block(fields));
}

export const HEAD: readonly (readonly [string, string])[] = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
];

export const uint32 = (n: number): Buffer => {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(n);
  return b;
};

/** One setting of a SETTINGS frame. */
export const setting = (id: number, value: number): Buffer => Buffer.concat([Buffer.from([0, id]), uint32(value)]);

/** The answer of a well-behaved server. */
export function fine(stream: number): Buffer {
  return Buffer.concat([
    headers(stream, HEAD),
    frame(Frame.DATA, 0, stream, '\0\0\0\0\x04fine'),
    headers(stream, [['grpc-status', '0']], true),
  ]);
}

/** The server's end of a connection, frame by frame. */
export interface Peer {
  readonly socket: Socket;
  /** 1 for the first connection. */
  readonly connection: number;
  send(...frames: readonly Uint8Array[]): void;
  /** `RST_STREAM 1 8`, `GOAWAY 9`, `WINDOW_UPDATE 1 32768`, `DATA 1 5`: what the client sent, headers and acknowledgements aside. */
  readonly seen: string[];
}

/**
 * A server on bare TCP: sends `greeting` (default: empty SETTINGS), then leaves every request to `onRequest`, told once its END_STREAM came.
 */
export async function peer(
  t: Test,
  onRequest: (p: Peer, stream: number) => void,
  greeting: Uint8Array = frame(Frame.SETTINGS, 0, 0, ''),
  onConnect: (p: Peer) => void = () => {},
): Promise<{ readonly address: string; readonly peers: readonly Peer[] }> {
  const peers: Peer[] = [];
  const server = createServer((socket) => {
    const p: Peer = { socket, connection: peers.length + 1, seen: [], send: (...frames) => socket.write(Buffer.concat(frames)) };
    peers.push(p);
    socket.on('error', () => {});
    socket.write(greeting);
    onConnect(p);
    const reader = new FrameReader({
      data(stream, _buf, _start, _end, size, endStream) {
        p.seen.push(`DATA ${stream} ${size}`);
        if (endStream) onRequest(p, stream);
      },
      frame(type, _flags, stream, buf, start, end) {
        if (type === Frame.RST_STREAM) p.seen.push(`RST_STREAM ${stream} ${buf.readUInt32BE(start)}`);
        if (type === Frame.GOAWAY) p.seen.push(`GOAWAY ${buf.readUInt32BE(start + 4)}`);
        if (type === Frame.WINDOW_UPDATE && stream > 0) p.seen.push(`WINDOW_UPDATE ${stream} ${buf.readUInt32BE(start)}`);
        if (type === Frame.PING) p.seen.push(`PING ${buf.toString('latin1', start, end)}`);
      },
    });
    let preface = PREFACE.length;
    socket.on('data', (chunk: Buffer) => {
      const skip = Math.min(preface, chunk.length);
      preface -= skip;
      reader.push(chunk, skip, chunk.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => {
    for (const { socket } of peers) socket.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, peers };
}
