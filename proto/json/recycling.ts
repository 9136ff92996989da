/** Results from this size on are worth it, up to that one. */
const SMALLEST = 4096;
const LARGEST = 256 * 1024;
/** How many are kept: 8 MiB at most. */
const MOST = 32;

const kept: Uint8Array[] = [];
let oldest = 0;
/** Memory that a copy has for itself. */
const own = new WeakSet<ArrayBufferLike>();

/** A copy of `bytes[0, length)`, in memory that was given back where some fits: fresh memory costs more than what is copied into it. */
export function copyOf(bytes: Uint8Array, length: number): Uint8Array {
  for (let i = kept.length - 1; i >= 0; i--) {
    const room = kept[i] as Uint8Array;
    if (room.length < length || room.length > 4 * length) continue;
    kept[i] = kept[kept.length - 1] as Uint8Array;
    kept.pop();
    const copy = room.length === length ? room : room.subarray(0, length);
    copy.set(bytes.subarray(0, length));
    return copy;
  }
  const copy = bytes.slice(0, length);
  if (isLarge(copy)) own.add(copy.buffer);
  return copy;
}

/** Whether giving it back may be of use. */
export function isLarge({ length }: Uint8Array): boolean {
  return length >= SMALLEST && length <= LARGEST;
}

/** Gives back a result of a sink that nobody reads any more, nor ever will: its bytes will change. Without effect on other bytes. */
export function giveBack(result: Uint8Array): void {
  if (!own.has(result.buffer)) return;
  const room = new Uint8Array(result.buffer);
  if (kept.length < MOST) kept.push(room);
  else {
    oldest = (oldest + 1) % MOST;
    kept[oldest] = room;
  }
}
