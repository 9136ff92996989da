/** Who wants to be told of something. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Answers what ends it. */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  call(): void {
    for (const listener of this.#listeners) listener();
  }
}
