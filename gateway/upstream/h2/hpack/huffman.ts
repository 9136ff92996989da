/** Code lengths in bits of the symbols 0 to 255 and of EOS (RFC 7541, Appendix B). The code is canonical: lengths say everything. */
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10,
  12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7,
  7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22,
  23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22,
  23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20,
  24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];

const EOS = 256;
const NONE = -1;
const FAIL = -2;

/**
 * The code tree, walked four bits at a time. A state is an inner node, 0 the root. For state `s` and nibble `n` the entry `16 * s + n` says the next
 * state and the symbol completed on the way (no code is shorter than five bits, so one at most), or FAIL on the way into EOS.
 */
const next = new Int16Array(256 * 16);
const symbol = new Int16Array(256 * 16);
/** 1 for the states in which a string may end: at most seven bits into a code, all of them 1 (RFC 7541, 5.2). */
const final = new Uint8Array(256);

build();

function build(): void {
  // Two entries a node: the child for 0 and for 1; inner nodes are positive, leaves are the complement of their symbol.
  const children: number[] = [0, 0];
  const order = LENGTHS.map((length, s) => ({ length, s })).sort((a, b) => a.length - b.length || a.s - b.s);
  let code = 0;
  let width = 0;
  for (const { length, s } of order) {
    code *= 2 ** (length - width);
    width = length;
    let node = 0;
    for (let bit = length - 1; bit >= 0; bit--) {
      const slot = 2 * node + (Math.floor(code / 2 ** bit) % 2);
      if (bit === 0) {
        children[slot] = ~s;
      } else {
        if (children[slot] === 0) {
          children[slot] = children.length / 2;
          children.push(0, 0);
        }
        node = children[slot] ?? 0;
      }
    }
    code += 1;
  }
  for (let state = 0; state < 256; state++) {
    for (let nibble = 0; nibble < 16; nibble++) walk(children, state, nibble);
  }
  for (let node = 0, depth = 0; depth < 8; depth++, node = children[2 * node + 1] ?? 0) final[node] = 1;
}

function walk(children: readonly number[], state: number, nibble: number): void {
  let node = state;
  let done = NONE;
  for (let bit = 3; bit >= 0 && done !== FAIL; bit--) {
    const child = children[2 * node + ((nibble >> bit) & 1)] ?? 0;
    if (child === ~EOS) done = FAIL;
    else if (child < 0) done = ~child;
    node = Math.max(child, 0);
  }
  next[16 * state + nibble] = node;
  symbol[16 * state + nibble] = done;
}

/** Decodes the Huffman-coded string in `from[start..end)` into `to`; its length, or -1 if it is malformed or does not fit. */
export function decodeHuffman(from: Uint8Array, start: number, end: number, to: Uint8Array): number {
  let state = 0;
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = from[i] ?? 0;
    for (let shift = 4; shift >= 0; shift -= 4) {
      const entry = 16 * state + ((byte >> shift) & 15);
      const done = symbol[entry] ?? FAIL;
      if (done === FAIL) return -1;
      if (done !== NONE) {
        if (length === to.length) return -1;
        to[length++] = done;
      }
      state = next[entry] ?? 0;
    }
  }
  return final[state] === 1 ? length : -1;
}
