import type { FieldType } from '../../schema.js';
import { WireReader } from '../../wire/reader.js';
import { JsonError } from '../codec.js';

/** A message of a client while it is read. */
export class Copying {
  readonly reader: WireReader;
  /** Names of the fields whose messages enclose the place that is read. */
  readonly path: string[] = [];

  constructor(
    readonly bytes: Uint8Array,
    readonly conflict: 'error' | 'override',
  ) {
    this.reader = new WireReader(bytes);
  }

  /** The next tag. Longer ones than 32 bits are refused: not every server would read the same from them. */
  tag(): number {
    const { reader } = this;
    const at = reader.pos;
    const tag = reader.tag();
    this.#assertShort(at);
    return tag;
  }

  /** A length; returns where what it stands for ends, which is not behind `end`. */
  stop(end: number): number {
    const { reader } = this;
    const at = reader.pos;
    const length = reader.uint32();
    this.#assertShort(at);
    const stop = reader.pos + length;
    if (stop > end) this.fail(undefined, 'the message is cut off');
    return stop;
  }

  #assertShort(at: number): void {
    const { pos } = this.reader;
    if (pos - at > 5 || (pos - at === 5 && (this.bytes[at + 4] ?? 0) > 0x0f))
      this.fail(undefined, 'the message has a number of more than 32 bits');
  }

  /** What follows is the content of the field, if it is a known one. */
  enter(f: FieldType | undefined): void {
    if (f !== undefined) this.path.push(f.protoName);
  }

  leave(f: FieldType | undefined): void {
    if (f !== undefined) this.path.pop();
  }

  /** Refuses what was read of a field, or the message as a whole. */
  fail(f: FieldType | undefined, reason: string): never {
    throw new JsonError([...this.path, ...(f === undefined ? [] : [f.protoName])].join('.'), reason);
  }
}
