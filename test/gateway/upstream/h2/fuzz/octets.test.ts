import t from 'tap';
import { BlockReader } from '../../../../../gateway/upstream/h2/block-reader.js';
import { FrameReader } from '../../../../../gateway/upstream/h2/frame-reader.js';
import { HeaderBlock, MAX_HEADER_LIST } from '../../../../../gateway/upstream/h2/header-block.js';
import { CompressionError, HpackDecoder } from '../../../../../gateway/upstream/h2/hpack/decoder.js';
import { ConnectionError, ErrorCode, Flag, Frame } from '../../../../../gateway/upstream/h2/protocol.js';
import { mutate, Random } from '../../../../proto/json/fuzz-input.js';
import { block, frame } from '../peer.js';

/** Inputs a campaign; other seeds by the environment, too. */
const inputs = Number(process.env.PROTOGATE_H2_FUZZ_INPUTS ?? 0) || 2000;
const seed = Number(process.env.PROTOGATE_FUZZ_SEED ?? 20_261_121);

t.setTimeout(inputs * 20 + 60_000);

/** Frames as lines, the parts of one DATA frame joined, and how it ended. */
function read(octets: Buffer, sizeOf: () => number): string {
  const lines: string[] = [];
  let data = '';
  let size = 0;
  const reader = new FrameReader({
    data(stream, buf, start, end, n, endStream) {
      data += buf.toString('latin1', start, end);
      size += n;
      lines.push(`DATA ${stream} ${endStream}`);
    },
    frame: (type, flags, stream, buf, start, end) => lines.push(`${type} ${flags} ${stream} ${buf.toString('hex', start, end)}`),
  });
  try {
    for (let pos = 0; pos < octets.length; ) {
      const n = Math.min(sizeOf(), octets.length - pos);
      reader.push(octets, pos, pos + n);
      pos += n;
    }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    lines.push(`error ${error.code}`);
  }
  // How often a DATA frame is handed on depends on the pieces.
  const frames = lines.filter((line, i) => line !== lines[i - 1] || !line.startsWith('DATA'));
  return [...frames.filter((line) => !line.endsWith('false')), data, size].join('\n');
}

const good = Buffer.concat([
  frame(Frame.SETTINGS, 0, 0, 'abcdef'),
  frame(Frame.DATA, Flag.END_STREAM, 1, 'hello world'),
  frame(Frame.DATA, Flag.END_STREAM | Flag.PADDED, 3, '\x03paddedxxx'),
  frame(Frame.HEADERS, Flag.END_HEADERS, 5, block([['x-a', 'b']])),
  frame(Frame.PING, 0, 0, '12345678'),
  frame(Frame.DATA, 0, 5, Buffer.alloc(16_384, 'x')),
  frame(0x99, 0xff, 7, 'unknown'),
]);

t.test('frames are the same in whatever pieces they come, and what is none is a connection error', async (t) => {
  for (let i = 0; i < inputs; i++) {
    const random = new Random(seed + i);
    const octets = random.below(8) === 0 ? random.bytes(random.below(100)) : mutate(random, good, random.bytes(40));
    const whole = read(octets, () => octets.length);
    const longest = random.pick([1, 3, 12, 5000]);
    const pieces = read(octets, () => 1 + random.below(longest));
    if (whole === pieces) continue;
    t.equal(pieces, whole, `PROTOGATE_FUZZ_SEED=${seed + i}: ${octets.toString('hex', 0, 300)}`);
    return;
  }
  t.pass(`${inputs} inputs`);
});

/** Fields of a block, or that it is malformed. */
function fields(decoder: HpackDecoder, octets: Buffer): string {
  const lines: string[] = [];
  try {
    decoder.decode(octets, 0, octets.length, (name, value) => lines.push(`${name}: ${value}`));
  } catch (error) {
    if (!(error instanceof CompressionError)) throw error;
    return 'malformed';
  }
  return lines.join('\n');
}

function codeOf(run: () => void): number | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof ConnectionError) return error.code;
    throw error;
  }
  return undefined;
}

/** Blocks of the shapes that servers send: indexed, added to the table, literal, Huffman-coded, sizes of the table. */
function anyBlock(random: Random): Buffer {
  const parts = Array.from({ length: 1 + random.below(5) }, () => {
    const name = Buffer.from(random.pick(['x', 'grpc-status', 'x-y-bin', ':status']));
    const value = Buffer.from(random.pick(['', '0', 'some value', 'x'.repeat(200)]));
    const literal = Buffer.concat([
      Buffer.from([name.length]),
      name,
      Buffer.from([0x7f & value.length]),
      value.subarray(0, 0x7f & value.length),
    ]);
    switch (random.below(6)) {
      case 0:
        return Buffer.from([0x80 + random.pick([8, 20, 61, 62, random.below(72)])]);
      case 1:
        return Buffer.concat([Buffer.from([0x40]), literal]);
      case 2:
        return Buffer.concat([Buffer.from([random.pick([0x00, 0x10])]), literal]);
      case 3:
        return Buffer.from('400a637573746f6d2d6b65790c637573746f6d2d76616c7565', 'hex');
      default:
        return Buffer.from('488264025885aec3771a4b', 'hex');
    }
  });
  // A size from 31 to 158 octets.
  return random.below(6) === 0 ? Buffer.concat([Buffer.from([0x3f, random.below(128)]), ...parts]) : Buffer.concat(parts);
}

t.test('header blocks decode or are malformed, and what is remembered of them is right', async (t) => {
  let malformed = 0;
  for (let i = 0; i < inputs; i++) {
    const random = new Random(seed + i);
    // Few blocks, so that most come again.
    const pool = Array.from({ length: 5 }, () =>
      random.below(4) === 0 ? mutate(random, anyBlock(random), random.bytes(20)) : anyBlock(random),
    );
    const [a, b] = [new HpackDecoder(4096, MAX_HEADER_LIST), new HpackDecoder(4096, MAX_HEADER_LIST)];
    const reader = new BlockReader();
    for (let n = 0; n < 20; n++) {
      const octets = pool[random.below(pool.length)] ?? Buffer.alloc(0);
      const plain = fields(a, octets);
      if (plain === 'malformed') {
        malformed += 1;
        const code = codeOf(() => reader.read(octets, 0, octets.length));
        if (code !== ErrorCode.COMPRESSION_ERROR) t.fail(`PROTOGATE_FUZZ_SEED=${seed + i}: code ${code}`);
        break;
      }
      const expected = new HeaderBlock();
      b.decode(octets, 0, octets.length, (name, value) => expected.add(name, value));
      const got = reader.read(octets, 0, octets.length);
      const said = (h: HeaderBlock) => JSON.stringify([h.httpStatus, h.fault, h.metadata, h.hasStatus, h.status]);
      if (said(got) === said(expected)) continue;
      t.equal(said(got), said(expected), `PROTOGATE_FUZZ_SEED=${seed + i}`);
      return;
    }
  }
  t.ok(malformed < inputs, `${malformed} of ${inputs} ended malformed`);
});
