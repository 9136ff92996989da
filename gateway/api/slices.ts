import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '../../proto/steps.js';

/** Time that work takes from requests at a time, ms. */
const SLICE_MS = 8;

/** Drives long work and lets everything else have its turn after each slice of it. */
export async function runInSlices<T>(steps: Steps<T>): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < SLICE_MS) continue;
    await nextTurn();
    began = performance.now();
  }
}
