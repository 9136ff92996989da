import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How often the event loop is looked at, ms. */
const RESOLUTION_MS = 1;

/** Measures the longest time, ms, for which requests could not have their turn, from now until what this answers is called. */
export function measureBlocks(): () => Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  return async () => {
    // What runs just now counts when the loop has gone round.
    await nextTurn();
    await nextTurn();
    delays.disable();
    return Math.max(0, Math.round(delays.max / 1e6) - RESOLUTION_MS);
  };
}
