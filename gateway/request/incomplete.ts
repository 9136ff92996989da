import { ownError } from '../exchange/errors.js';
import { HeldBytes } from './held-bytes.js';

/** Bytes of bodies, and of items of streams, that may wait in all for what is still to come of them, where they come in several pieces. */
const MOST_INCOMPLETE = 256 * 1024 * 1024;

/** What has come of them. */
export const incompletes = new HeldBytes(MOST_INCOMPLETE);

/** Why one of them is let go. The client may still be sending, so the connection is closed with the answer. */
export function crowded(): Error {
  return ownError(503, 'Too many request bodies are incomplete.', { headers: { connection: 'close', 'retry-after': '1' } });
}
