import { DynamicTable } from './dynamic-table.js';
import { decodeHuffman } from './huffman.js';
import { STATIC_NAMES, STATIC_SIZE, STATIC_VALUES } from './static-table.js';

/** A header block that breaks RFC 7541: the connection is lost (RFC 9113, 4.3). */
export class CompressionError extends Error {
  override readonly name = 'CompressionError';
}

/** Takes the fields of a block one by one; the strings hold one octet a character. */
export type FieldSink = (name: string, value: string) => void;

/** Decodes header blocks of one connection, in order (RFC 7541, 6). */
export class HpackDecoder {
  private readonly table: DynamicTable;
  private buf: Buffer = Buffer.alloc(0);
  private pos = 0;
  private end = 0;
  private readonly scratch: Buffer;

  constructor(
    /** SETTINGS_HEADER_TABLE_SIZE that this side announced. */
    private readonly tableSize: number,
    /** Longest string after Huffman decoding, octets. */
    maxString: number,
  ) {
    this.table = new DynamicTable(tableSize);
    this.scratch = Buffer.allocUnsafeSlow(maxString);
  }

  /** State of the dynamic table: a block that leaves it unchanged means the same as long as it stays so. */
  get version(): number {
    return this.table.version;
  }

  /** Decodes `buf[start..end)`, a whole block. Throws a CompressionError. */
  decode(buf: Buffer, start: number, end: number, sink: FieldSink): void {
    this.buf = buf;
    this.pos = start;
    this.end = end;
    let fields = 0;
    while (this.pos < end) {
      const first = buf[this.pos] ?? 0;
      if ((first & 0xe0) === 0x20) {
        if (fields > 0) throw new CompressionError('table size update behind a field (RFC 7541, 4.2)');
        this.resize(this.integer(5));
      } else {
        this.field(first, sink);
        fields += 1;
      }
    }
  }

  private field(first: number, sink: FieldSink): void {
    // Indexed field (6.1)
    if (first >= 0x80) {
      const index = this.integer(7);
      sink(this.name(index), this.value(index));
      return;
    }
    // Literal with incremental indexing (6.2.1), without (6.2.2), never indexed (6.2.3)
    const index = this.integer(first >= 0x40 ? 6 : 4);
    const name = index === 0 ? this.string() : this.name(index);
    const value = this.string();
    if (first >= 0x40) this.table.add(name, value);
    sink(name, value);
  }

  private resize(size: number): void {
    if (size > this.tableSize) throw new CompressionError(`table size ${size}, ${this.tableSize} were allowed`);
    this.table.resize(size);
  }

  private name(index: number): string {
    const name = index <= STATIC_SIZE ? STATIC_NAMES[index] : this.table.name(index - STATIC_SIZE - 1);
    if (name === undefined || index === 0) throw new CompressionError(`no field at index ${index}`);
    return name;
  }

  private value(index: number): string {
    return (index <= STATIC_SIZE ? STATIC_VALUES[index] : this.table.value(index - STATIC_SIZE - 1)) ?? '';
  }

  /** An integer behind a prefix of `bits` (RFC 7541, 5.1), at most 28 bits long: nothing here counts further. */
  private integer(bits: number): number {
    const mask = 2 ** bits - 1;
    let value = this.octet() & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const octet = this.octet();
      value += (octet & 0x7f) * 2 ** shift;
      if (octet < 0x80) return value;
    }
    throw new CompressionError('integer too long');
  }

  /** A string literal (RFC 7541, 5.2). */
  private string(): string {
    const huffman = (this.buf[this.pos] ?? 0) >= 0x80;
    const length = this.integer(7);
    const start = this.pos;
    const end = start + length;
    if (end > this.end) throw new CompressionError('string beyond the end of the block');
    this.pos = end;
    if (!huffman) return this.buf.toString('latin1', start, end);
    const decoded = decodeHuffman(this.buf, start, end, this.scratch);
    if (decoded < 0) throw new CompressionError('malformed Huffman code');
    return this.scratch.toString('latin1', 0, decoded);
  }

  private octet(): number {
    if (this.pos >= this.end) throw new CompressionError('block cut short');
    return this.buf[this.pos++] ?? 0;
  }
}
