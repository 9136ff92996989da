/** Pauses between attempts: each up to twice the one before, at least half of that, so that many gateways do not ask in step. */
export class BackOff {
  #next: number;

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
    private readonly random: () => number = Math.random,
  ) {
    this.#next = firstMs;
  }

  /** After a failure: how long to wait, ms. */
  pause(): number {
    const most = this.#next;
    this.#next = Math.min(most * 2, this.mostMs);
    return Math.round(most * (0.5 + this.random() / 2));
  }

  /** After a success. */
  reset(): void {
    this.#next = this.firstMs;
  }
}
