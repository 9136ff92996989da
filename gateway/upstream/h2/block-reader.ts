import { HeaderBlock, MAX_HEADER_LIST } from './header-block.js';
import { CompressionError, HpackDecoder } from './hpack/decoder.js';
import { ConnectionError, ErrorCode } from './protocol.js';

/** Table that this side allows, octets: the default (RFC 9113, 6.5.2). */
const TABLE_SIZE = 4096;

/** Blocks that are remembered, and how long they may be: headers and trailers of the few shapes that a server sends. */
const REMEMBERED = 4;
const MAX_REMEMBERED = 256;

interface Memory {
  readonly octets: Buffer;
  readonly version: number;
  readonly block: HeaderBlock;
}

/**
 * Decodes the header blocks of a connection. The same octets at the same state of the table mean the same: a server that says for the
 * thousandth time what it always says is not read a thousand times.
 */
export class BlockReader {
  private readonly decoder = new HpackDecoder(TABLE_SIZE, MAX_HEADER_LIST);
  private readonly memory: (Memory | undefined)[] = new Array(REMEMBERED).fill(undefined);
  private oldest = 0;

  /** Throws a ConnectionError: the state of the table is lost (RFC 9113, 4.3). */
  read(buf: Buffer, start: number, end: number): HeaderBlock {
    const { version } = this.decoder;
    for (const m of this.memory) {
      if (m?.version === version && same(m.octets, buf, start, end)) return m.block;
    }
    const block = new HeaderBlock();
    try {
      this.decoder.decode(buf, start, end, (name, value) => block.add(name, value));
    } catch (error) {
      if (error instanceof CompressionError) throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, error.message);
      throw error;
    }
    if (this.decoder.version === version && end - start <= MAX_REMEMBERED) {
      this.memory[this.oldest] = { octets: Buffer.from(buf.subarray(start, end)), version, block };
      this.oldest = (this.oldest + 1) % REMEMBERED;
    }
    return block;
  }
}

/** In a loop: most blocks are of a few octets, for which a call into the runtime takes longer. */
function same(octets: Buffer, buf: Buffer, start: number, end: number): boolean {
  if (octets.length !== end - start) return false;
  for (let i = 0; i < octets.length; i++) if (octets[i] !== buf[start + i]) return false;
  return true;
}
