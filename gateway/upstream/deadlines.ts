/** What ends at a time. */
export interface Due {
  /** On the clock of `performance.now()`, ms. */
  readonly deadline: number;
  /** Its place among the deadlines, -1 = none; written here alone. */
  place: number;
}

/** What Node's timers can wait, ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Deadlines, with one timer for all of them: nearly everything ends long before its own, and one timer each would be started and stopped for
 * nothing. A binary heap, so that clients that choose their deadlines cannot make one cost more than a few steps.
 */
export class Deadlines<T extends Due> {
  /** No deadline is sooner than that of its parent, at half its place. It keeps its length, or it would be copied again and again. */
  private readonly heap: (T | undefined)[] = [];
  private size = 0;
  private timer: NodeJS.Timeout | undefined;
  /** When it fires. */
  private firesAt = Number.POSITIVE_INFINITY;

  constructor(private readonly passed: (due: T) => void) {}

  add(due: T): void {
    if (due.deadline === Number.POSITIVE_INFINITY) return;
    this.size += 1;
    this.rise(due, this.size - 1);
    if (due.deadline < this.firesAt) this.wait(due.deadline);
  }

  /** Without effect if it is not there. */
  delete(due: T): void {
    const { place } = due;
    if (place < 0) return;
    due.place = -1;
    this.size -= 1;
    const last = this.heap[this.size];
    this.heap[this.size] = undefined;
    if (last === undefined || last === due) return;
    if (last.deadline < due.deadline) this.rise(last, place);
    else this.sink(last, place);
  }

  /** Nothing passes any more. */
  end(): void {
    clearTimeout(this.timer);
  }

  /** Starts the timer anew. Whole milliseconds, upwards. */
  private wait(deadline: number): void {
    clearTimeout(this.timer);
    this.firesAt = deadline;
    this.timer = setTimeout(() => this.check(), Math.min(Math.ceil(deadline - performance.now()), LONGEST_TIMER)).unref();
  }

  private check(): void {
    this.firesAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (let first = this.heap[0]; first !== undefined; first = this.heap[0]) {
      if (first.deadline > now) {
        this.wait(first.deadline);
        return;
      }
      this.delete(first);
      this.passed(first);
    }
  }

  /** Puts it at a free place, or at one nearer to the root. */
  private rise(due: T, place: number): void {
    while (place > 0) {
      const parent = this.heap[(place - 1) >> 1];
      if (parent === undefined || parent.deadline <= due.deadline) break;
      this.put(parent, place);
      place = (place - 1) >> 1;
    }
    this.put(due, place);
  }

  /** Puts it at a free place, or at one farther from the root. */
  private sink(due: T, place: number): void {
    for (;;) {
      const left = this.heap[2 * place + 1];
      const right = this.heap[2 * place + 2];
      const sooner = right !== undefined && left !== undefined && right.deadline < left.deadline ? right : left;
      if (sooner === undefined || sooner.deadline >= due.deadline) break;
      const next = sooner.place;
      this.put(sooner, place);
      place = next;
    }
    this.put(due, place);
  }

  private put(due: T, place: number): void {
    this.heap[place] = due;
    due.place = place;
  }
}
