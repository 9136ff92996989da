import { Carry, type Splitter } from '../split.js';
import { JsonError } from './codec.js';

/** Where the reader stands between values. */
type Place =
  /** Nothing but white space has come. */
  | 'start'
  /** Behind a value that is in no array. */
  | 'next'
  /** Behind `[`. */
  | 'first'
  /** Behind an element. */
  | 'after'
  /** Behind a comma. */
  | 'element'
  /** Behind `]`. */
  | 'closed';

/** Of which kind the value is that has begun. */
type Kind = 'none' | 'nested' | 'scalar';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const SPACE = 1;
const OPENS = 2;
const CLOSES = 4;
/** What ends a number, `true`, `false` or `null`. */
const ENDS = 8;

/** What each byte means outside of strings. */
const classes = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) classes[byte] = SPACE | ENDS;
for (const byte of [0x7b, OPEN_BRACKET]) classes[byte] = OPENS | ENDS;
for (const byte of [0x7d, CLOSE_BRACKET]) classes[byte] = CLOSES | ENDS;
for (const byte of [QUOTE, COMMA]) classes[byte] = ENDS;

/**
 * Cuts a byte stream into JSON values: one a line, one after the other, or the elements of one array. Values are cut, not checked: what is cut out of
 * text that is no JSON is none either.
 *
 *     {"a":1}\n{"a":2}\n      ->  {"a":1}  {"a":2}
 *     {"a":1}{"a":2} 3        ->  {"a":1}  {"a":2}  3
 *     [{"a":1}, {"a":2}]      ->  {"a":1}  {"a":2}
 *
 * @param maxItem largest value, bytes
 */
export function createJsonSplitter(maxItem: number): Splitter {
  return new JsonSplitter(maxItem);
}

class JsonSplitter implements Splitter {
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  readonly #carry: Carry;
  #place: Place = 'start';
  #kind: Kind = 'none';
  #depth = 0;
  #inString = false;
  /** A backslash was the last byte of the chunk before. */
  #escaped = false;
  #ended = false;

  constructor(maxItem: number) {
    this.#carry = new Carry(maxItem);
  }

  get kept(): number {
    return this.#carry.length;
  }

  push(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  next(): Uint8Array | undefined {
    if (this.#kind === 'none' && !this.#seek()) return undefined;
    const from = this.#at;
    const end = this.#kind === 'nested' ? this.#nestedEnd() : this.#scalarEnd();
    if (end === -1 && !(this.#ended && this.#kind === 'scalar')) {
      this.#carry.keep(this.#chunk.subarray(from));
      this.#at = this.#chunk.length;
      return undefined;
    }
    this.#at = end === -1 ? this.#chunk.length : end;
    this.#kind = 'none';
    return this.#carry.complete(this.#chunk.subarray(from, this.#at));
  }

  end(): void {
    this.push(new Uint8Array(0));
    this.#ended = true;
    if (this.#kind === 'nested') throw new JsonError('', 'the JSON text ends within a value');
    if (this.#place !== 'start' && this.#place !== 'next' && this.#place !== 'closed')
      throw new JsonError('', 'the JSON text ends within an array');
  }

  /** Goes to the first byte of the next value; false if it has not come. */
  #seek(): boolean {
    const chunk = this.#chunk;
    for (; this.#at < chunk.length; this.#at += 1) {
      const byte = chunk[this.#at] ?? 0;
      if (((classes[byte] ?? 0) & SPACE) !== 0) continue;
      if (this.#begins(byte)) return true;
    }
    return false;
  }

  /** Whether a byte that is no space begins a value, and not something between values. */
  #begins(byte: number): boolean {
    const place = this.#place;
    if (place === 'start' && byte === OPEN_BRACKET) {
      this.#place = 'first';
      return false;
    }
    if (place === 'after' && byte === COMMA) {
      this.#place = 'element';
      return false;
    }
    if ((place === 'after' || place === 'first') && byte === CLOSE_BRACKET) {
      this.#place = 'closed';
      return false;
    }
    if (place === 'closed') throw new JsonError('', 'nothing may follow the array');
    if (place === 'after') throw new JsonError('', 'a comma or the end of the array is expected');
    if (byte === COMMA || ((classes[byte] ?? 0) & CLOSES) !== 0) throw new JsonError('', 'a JSON value is expected');
    this.#place = place === 'start' || place === 'next' ? 'next' : 'after';
    this.#kind = byte === QUOTE || ((classes[byte] ?? 0) & OPENS) !== 0 ? 'nested' : 'scalar';
    return true;
  }

  /** Where a string, object or array ends in this chunk, -1 if it does not. */
  #nestedEnd(): number {
    const chunk = this.#chunk;
    const { length } = chunk;
    let at = this.#at;
    let depth = this.#depth;
    let inString = this.#inString;
    if (this.#escaped && at < length) {
      at += 1;
      this.#escaped = false;
    }
    while (at < length) {
      const byte = chunk[at] ?? 0;
      at += 1;
      if (byte === QUOTE) inString = !inString;
      else if (inString) {
        if (byte !== BACKSLASH) continue;
        if (at === length) this.#escaped = true;
        at += 1;
        continue;
      } else {
        const what = classes[byte] ?? 0;
        if ((what & OPENS) !== 0) depth += 1;
        else if ((what & CLOSES) !== 0) depth -= 1;
        else continue;
      }
      if (depth > 0 || inString) continue;
      this.#depth = 0;
      this.#inString = false;
      return at;
    }
    this.#depth = depth;
    this.#inString = inString;
    return -1;
  }

  /** Where a number, `true`, `false` or `null` ends in this chunk, -1 if it does not. */
  #scalarEnd(): number {
    const chunk = this.#chunk;
    for (let at = this.#at; at < chunk.length; at += 1) if (((classes[chunk[at] ?? 0] ?? 0) & ENDS) !== 0) return at;
    return -1;
  }
}
