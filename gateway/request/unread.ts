import { HeldBytes } from './held-bytes.js';

/** Bytes of large answers that may wait for clients in all. */
const MOST_UNREAD = 256 * 1024 * 1024;

/** What waits of them. */
export const unread = new HeldBytes(MOST_UNREAD);
