/**
 * Long work in steps: it yields after each short part, so that who drives it may do other things in between, and returns what it makes.
 *
 *     const link = linkSteps(sources);        // nothing has happened yet
 *     link.next()                             // { done: false }: a file has been read
 *     ...
 *     link.next()                             // { done: true, value: the result }
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does all the steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
