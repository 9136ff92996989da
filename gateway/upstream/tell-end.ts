import type { CallEvents, Status } from './call.js';

/** Tells a caller the end of its call. What it throws then is told as a warning of the process: nobody is left who could be told. */
export function tellEnd(events: CallEvents, status: Status): void {
  try {
    events.end(status);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
