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

const KEY = 'url:';

function keyOf(url: string): string {
  return KEY + url;
}

/** Forgets what is known of all other URLs: their sets may be large. */
export function forgetUrls(all: Map<string, unknown>, except: readonly string[]): void {
  const kept = new Set(except.map(keyOf));
  for (const key of all.keys()) if (key.startsWith(KEY) && !kept.has(key)) all.delete(key);
}

/** What is known of a URL, in what is known of all remote sources. */
export function urlMemory(all: Map<string, unknown>, url: string): UrlMemory {
  const key = keyOf(url);
  const known = all.get(key);
  if (known instanceof UrlMemory) return known;
  const memory = new UrlMemory();
  all.set(key, memory);
  return memory;
}
