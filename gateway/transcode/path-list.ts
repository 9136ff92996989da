import type { Codec, ScalarWriter } from '../../proto/json/codec.js';
import type { FieldChain, FieldType } from '../../proto/schema.js';
import { WireWriter } from '../../proto/wire/writer.js';

/**
 * Compiles the writer of a variable that is a repeated field: its values stand between commas. It writes them as a JSON body with the same values
 * would have them written, so that the two can be compared.
 *
 *     /v1/{ids}   /v1/1,2,3   ->  ids: [1, 2, 3]
 */
export function compilePathList(chain: FieldChain, last: FieldType, codec: Codec): ScalarWriter {
  const write = codec.scalar([last], { unknown: 'error' });
  const enclose = codec.content(chain.slice(0, -1));
  const scratch = codec.createSink();
  return function writeList(text, out) {
    try {
      const elements = text === '' ? [] : text.split(',').map((value) => elementOf(value));
      if (elements.length > 0) enclose(last.packed ? [packed(elements)] : elements, out);
    } finally {
      scratch.reset();
    }
  };

  /** A tag and a value. */
  function elementOf(text: string): Uint8Array {
    write(text, scratch);
    return scratch.take();
  }

  function packed(elements: readonly Uint8Array[]): Uint8Array {
    const values = elements.map((element) => element.subarray(element.findIndex((byte) => byte < 0x80) + 1));
    return new WireWriter().bytesField(last.number, Buffer.concat(values)).finish();
  }
}
