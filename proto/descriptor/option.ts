import { WireReader } from '../wire/reader.js';
import { LENGTH, VARINT } from '../wire/wire.js';

/** The varint option with that field number, the last if it appears more than once. Reads all of `options`. Throws `WireFormatError`. */
export function varintOption(options: Uint8Array | undefined, number: number): number | undefined {
  let value: number | undefined;
  if (options === undefined || options.length === 0) return value;
  for (const reader = new WireReader(options); !reader.done; ) {
    const tag = reader.tag();
    if (tag === ((number << 3) | VARINT)) value = reader.int32();
    else reader.skip(tag);
  }
  return value;
}

/** The message option with that field number, undefined if it is not there; several occurrences are joined, which merges them. Throws `WireFormatError`. */
export function messageOption(options: Uint8Array | undefined, number: number): Uint8Array | undefined {
  let value: Uint8Array | undefined;
  if (options === undefined || options.length === 0) return value;
  for (const reader = new WireReader(options); !reader.done; ) {
    const tag = reader.tag();
    if (tag !== ((number << 3) | LENGTH)) reader.skip(tag);
    else value = value === undefined ? reader.view() : Uint8Array.of(...value, ...reader.view());
  }
  return value;
}
