import type { Fetched } from './url.js';

/** What is known of one URL from before. */
export class UrlMemory {
  /** The last answer, to be asked for whether it is still the same. */
  latest: Fetched | undefined;
  /** The answer of the last load. */
  loaded: Fetched | undefined;
  /** The answer of the last load that led to a generation. */
  good: Fetched | undefined;
  #left: Fetched | undefined;

  /** Leaves an answer for the load that it causes, so that this does not fetch it again. */
  leave(answer: Fetched): void {
    this.#left = answer;
  }

  /** The answer that was left, once. */
  takeLeft(): Fetched | undefined {
    const left = this.#left;
    this.#left = undefined;
    return left;
  }

  /** The last load led to a generation. */
  confirm(): void {
    this.good = this.loaded;
  }
}

/** What is known of a URL, in what is known of all remote sources. */
export function urlMemory(all: Map<string, unknown>, url: string): UrlMemory {
  const key = `url:${url}`;
  const known = all.get(key);
  if (known instanceof UrlMemory) return known;
  const memory = new UrlMemory();
  all.set(key, memory);
  return memory;
}
