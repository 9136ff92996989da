import type { Splitter } from '../../proto/split.js';

const NOTHING = new Uint8Array(0);

/**
 * Cuts bytes of any type into pieces as they come, each whole and at most `most` bytes.
 *
 * @param evenNothing no bytes at all are one piece
 */
export function createPieces(most: number, evenNothing: boolean): Splitter {
  let chunk: Uint8Array = NOTHING;
  let lone = evenNothing;
  let ended = false;
  return {
    kept: 0,
    push(next) {
      chunk = next;
    },
    next() {
      if (chunk.length === 0) {
        if (!ended || !lone) return undefined;
        lone = false;
        return NOTHING;
      }
      const piece = chunk.subarray(0, most);
      chunk = chunk.subarray(most);
      lone = false;
      return piece;
    },
    end() {
      ended = true;
    },
  };
}
