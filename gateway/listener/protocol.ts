import type { Socket } from 'node:net';

/** Serves one version of HTTP, on connections that it is handed. */
export interface Protocol {
  /** A connection of this version; nothing of it was read. */
  take(socket: Socket): void;
  /** Closes idle connections now, and each of the others behind its answers in progress. */
  drain(): void;
  /** Tells the clients that are still there, and can be told so, that the time is up. */
  goAway(): void;
}
