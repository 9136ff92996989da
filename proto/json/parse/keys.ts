import { encode } from '../ascii.js';

interface Entry<T> {
  readonly name: Uint8Array;
  readonly value: T;
}

/** Finds what a name stands for by the bytes of the name: first by their number, then by comparing. Built at load time. */
export class KeyTable<T> {
  readonly #byLength: (Entry<T>[] | undefined)[] = [];
  readonly #byName = new Map<string, T>();

  constructor(entries: Iterable<readonly [name: string, value: T]>) {
    for (const [text, value] of entries) {
      if (this.#byName.has(text)) continue;
      this.#byName.set(text, value);
      const name = encode(text);
      const list = this.#byLength[name.length];
      if (list === undefined) this.#byLength[name.length] = [{ name, value }];
      else list.push({ name, value });
    }
  }

  names(): Iterable<string> {
    return this.#byName.keys();
  }

  get(name: string): T | undefined {
    return this.#byName.get(name);
  }

  find(bytes: Uint8Array, start: number, end: number): T | undefined {
    const length = end - start;
    const entries = length < this.#byLength.length ? this.#byLength[length] : undefined;
    if (entries === undefined) return undefined;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as Entry<T>;
      const { name } = entry;
      let at = 0;
      while (at < length && name[at] === bytes[start + at]) at++;
      if (at === length) return entry.value;
    }
    return undefined;
  }
}
