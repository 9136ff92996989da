import { test } from 'tap';
import { FrameReader } from '../../../../gateway/upstream/h2/frame-reader.js';
import { ConnectionError, Flag, Frame } from '../../../../gateway/upstream/h2/protocol.js';
import { frame } from './peer.js';

/** Reads chunks and notes frames as lines; parts of one DATA frame are joined. */
function read(chunks: readonly Buffer[]): string[] {
  const lines: string[] = [];
  let data = '';
  const reader = new FrameReader({
    data(stream, buf, start, end, size, endStream) {
      data += `${buf.toString('latin1', start, end)}(${size})`;
      if (endStream)
        lines.push(
          `DATA ${stream} ${data.replace(/\(\d+\)/g, '')} ${[...data.matchAll(/\((\d+)\)/g)].reduce((sum, [, n]) => sum + Number(n), 0)}`,
        );
      if (endStream) data = '';
    },
    frame: (type, flags, stream, buf, start, end) => lines.push(`${type} ${flags} ${stream} ${buf.toString('latin1', start, end)}`),
  });
  for (const chunk of chunks) reader.push(chunk, 0, chunk.length);
  return lines;
}

const session = Buffer.concat([
  frame(Frame.SETTINGS, 0, 0, 'abcdef'),
  frame(Frame.SETTINGS, Flag.ACK, 0, ''),
  frame(Frame.DATA, Flag.END_STREAM, 1, 'hello world'),
  frame(Frame.DATA, Flag.END_STREAM | Flag.PADDED, 3, '\x03paddedxxx'),
  frame(Frame.DATA, Flag.END_STREAM, 5, ''),
  frame(Frame.PING, 0, 0, '12345678'),
  frame(0x99, 0xff, 7, 'unknown'),
]);
const lines = ['4 0 0 abcdef', '4 1 0 ', 'DATA 1 hello world 11', 'DATA 3 padded 10', 'DATA 5  0', '6 0 0 12345678', '153 255 7 unknown'];

test('frames are read however the chunks fall', async (t) => {
  t.same(read([session]), lines);
  for (let size = 1; size < 40; size++) {
    const chunks = Array.from({ length: Math.ceil(session.length / size) }, (_, i) => session.subarray(i * size, (i + 1) * size));
    t.same(read(chunks), lines, `${size} octets a chunk`);
  }
});

function codeOf(run: () => void): number | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof ConnectionError) return error.code;
  }
  return undefined;
}

const settings = frame(Frame.SETTINGS, 0, 0, '');
const wrong: readonly { what: string; octets: Buffer; code: number }[] = [
  { what: 'HTTP/1.1', octets: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), code: 1 },
  { what: 'another frame first', octets: frame(Frame.PING, 0, 0, '12345678'), code: 1 },
  { what: 'a frame that is too long', octets: Buffer.concat([settings, frame(Frame.HEADERS, 0, 1, Buffer.alloc(16_385))]), code: 6 },
  { what: 'padding without its length', octets: Buffer.concat([settings, frame(Frame.DATA, Flag.PADDED, 1, '')]), code: 1 },
  { what: 'padding as long as the frame', octets: Buffer.concat([settings, frame(Frame.DATA, Flag.PADDED, 1, '\x01')]), code: 1 },
];

test('what is no frame is a connection error', async (t) => {
  for (const { what, octets, code } of wrong) {
    for (const size of [1, octets.length]) {
      const chunks = Array.from({ length: Math.ceil(octets.length / size) }, (_, i) => octets.subarray(i * size, (i + 1) * size));
      t.equal(
        codeOf(() => read(chunks)),
        code,
        what,
      );
    }
  }
});

test('the stream identifier has 31 bits', async (t) => {
  t.same(read([settings, frame(Frame.RST_STREAM, 0, 0xffffffff, 'abcd')]), ['4 0 0 ', `3 0 ${2 ** 31 - 1} abcd`]);
});
