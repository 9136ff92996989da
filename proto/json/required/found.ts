import type { Step } from './plan.js';

/** What of its required fields, and of the messages that have some, a message has. */
export class Found {
  /** Where its bytes are, if it comes in one piece. */
  start = 0;
  end = 0;
  #bits = 0;
  #more: Set<number> | undefined;
  #messages: Map<Step, Found> | undefined;
  #elements: Map<Step, Found> | undefined;
  #index = 0;

  /** @param step the field that holds it; undefined for the whole */
  constructor(readonly step: Step | undefined) {}

  /** Its place among the elements of its field. */
  get index(): number {
    return this.#index;
  }

  /** @param place of a required field, as in {@link Step} */
  add(place: number): void {
    if (place < 32) this.#bits |= 1 << place;
    else {
      this.#more ??= new Set();
      this.#more.add(place);
    }
  }

  has(place: number): boolean {
    return place < 32 ? (this.#bits & (1 << place)) !== 0 : this.#more?.has(place) === true;
  }

  /** The singular message of a field, whichever piece of it this is. */
  message(step: Step): Found {
    const known = this.#messages?.get(step);
    if (known !== undefined) return known;
    const message = new Found(step);
    this.#messages ??= new Map();
    this.#messages.set(step, message);
    return message;
  }

  /** The next element of a field, in the place of the one before: there may be very many. */
  element(step: Step): Found {
    const last = this.#elements?.get(step);
    if (last !== undefined) {
      last.#index += 1;
      last.#bits = 0;
      last.#more = last.#messages = last.#elements = undefined;
      return last;
    }
    const first = new Found(step);
    this.#elements ??= new Map();
    this.#elements.set(step, first);
    return first;
  }

  /** The singular messages within; undefined if there are none. */
  messages(): Iterable<Found> | undefined {
    return this.#messages?.values();
  }
}
