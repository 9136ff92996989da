import { END_GROUP, START_GROUP } from '../../wire/wire.js';
import type { Arena } from '../arena.js';
import type { ParseField } from './plan.js';
import { beginLength, endLength, writeVarint32 } from './write.js';

/** Begins the messages that enclose a field: `[book, author]` writes the tag of book, room for its length, the same for author. */
export function openEnclosing(out: Arena, steps: readonly ParseField[]): number[] {
  return steps.map((step) => {
    writeVarint32(out, step.tag);
    return step.wire === START_GROUP ? out.length : beginLength(out, step);
  });
}

/** Ends them, the innermost first. */
export function closeEnclosing(out: Arena, steps: readonly ParseField[], starts: readonly number[]): void {
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i];
    const start = starts[i];
    if (step === undefined || start === undefined) continue;
    if (step.wire === START_GROUP) writeVarint32(out, step.tag - START_GROUP + END_GROUP);
    else endLength(out, step, start);
  }
}
