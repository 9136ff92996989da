/** What one holds. */
export interface Holding {
  readonly letGo: () => void;
  bytes: number;
}

/**
 * Bytes that are kept until clients take or complete them. Clients that do neither must not fill the memory together: beyond a bound those let go that
 * have held for the longest time, as who is quick has done by then.
 */
export class HeldBytes {
  #bytes = 0;
  /** The oldest first. */
  readonly #holdings = new Set<Holding>();

  /** @param most how many bytes may be held; who holds alone may hold more */
  constructor(private readonly most: number) {}

  /** @param letGo called at most once, not after {@link release} */
  hold(bytes: number, letGo: () => void): Holding {
    const holding = { letGo, bytes: 0 };
    this.#holdings.add(holding);
    this.grow(holding, bytes);
    return holding;
  }

  /** Without effect once it was released or let go. */
  grow(holding: Holding, bytes: number): void {
    if (!this.#holdings.has(holding)) return;
    holding.bytes += bytes;
    this.#bytes += bytes;
    for (const oldest of this.#holdings) {
      if (this.#bytes <= this.most || oldest === holding) return;
      this.release(oldest);
      oldest.letGo();
    }
  }

  /** May be called again. */
  release(holding: Holding): void {
    if (this.#holdings.delete(holding)) this.#bytes -= holding.bytes;
  }
}
