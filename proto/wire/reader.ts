import { END_GROUP, FIXED32, FIXED64, LENGTH, MAX_DEPTH, START_GROUP, VARINT } from './wire.js';

/** The bytes are not a protobuf message. */
export class WireFormatError extends Error {
  override readonly name = 'WireFormatError';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A cursor over wire bytes, for work at load time (descriptors, rules). Every read throws {@link WireFormatError} past the end.
 *
 *     08 96 01            -> tag() = 8 (field 1, VARINT), uint32() = 150
 */
export class WireReader {
  pos = 0;

  constructor(readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.pos >= this.bytes.length;
  }

  /** The next tag: field number << 3 | wire type. */
  tag(): number {
    const tag = this.uint32();
    if (tag >>> 3 === 0) throw new WireFormatError('field number 0');
    return tag;
  }

  /** Any varint, truncated to 64 bits. */
  uint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireFormatError('varint of more than 10 bytes');
  }

  /** Any varint, truncated to 32 bits. */
  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new WireFormatError('varint of more than 10 bytes');
  }

  int32(): number {
    return this.uint32() | 0;
  }

  bool(): boolean {
    return this.uint64() !== 0n;
  }

  /** A view, not a copy. */
  view(): Uint8Array {
    const length = this.uint32();
    const end = this.pos + length;
    if (end > this.bytes.length) throw new WireFormatError('truncated');
    const view = this.bytes.subarray(this.pos, end);
    this.pos = end;
    return view;
  }

  string(): string {
    const view = this.view();
    try {
      return utf8.decode(view);
    } catch {
      throw new WireFormatError('a string that is not UTF-8');
    }
  }

  /** Passes over the value of a field whose tag was just read. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case VARINT:
        this.uint64();
        return;
      case FIXED64:
        this.#advance(8);
        return;
      case LENGTH:
        this.view();
        return;
      case START_GROUP:
        this.#skipGroup(tag, depth);
        return;
      case FIXED32:
        this.#advance(4);
        return;
      default:
        throw new WireFormatError(`unexpected wire type ${tag & 7}`);
    }
  }

  #skipGroup(start: number, depth: number): void {
    if (depth >= MAX_DEPTH) throw new WireFormatError('groups nested too deep');
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) === END_GROUP) {
        if (tag >>> 3 !== start >>> 3) throw new WireFormatError('mismatched end of group');
        return;
      }
      this.skip(tag, depth + 1);
    }
  }

  #advance(count: number): void {
    if (this.pos + count > this.bytes.length) throw new WireFormatError('truncated');
    this.pos += count;
  }

  #byte(): number {
    const byte = this.bytes[this.pos];
    if (byte === undefined) throw new WireFormatError('truncated');
    this.pos += 1;
    return byte;
  }
}
