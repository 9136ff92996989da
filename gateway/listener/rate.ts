/** Counts what may be done only so often. */
export class Rate {
  #count = 0;
  #began = Number.NEGATIVE_INFINITY;

  /** @param most how often it may be done in `spanMs` */
  constructor(
    private readonly most: number,
    private readonly spanMs: number,
  ) {}

  /** It was done once more; answers whether that is too often. */
  isExceeded(now: number): boolean {
    if (now - this.#began >= this.spanMs) {
      this.#began = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count > this.most;
  }
}
