import type { Socket } from 'node:net';

/** How often what still comes is looked at, ms. */
const LOOK_MS = 500;
/** How long nothing may come, ms. */
const QUIET_MS = 5000;
/** How long it may come in all, ms. */
const LONGEST_MS = 30_000;
/** How many bytes may come. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Closes a connection whose last answer was written, so that its client gets to read that: this side first, and the whole of it when the client has
 * closed its own. What a client still sends is read and thrown away, within bounds: otherwise the system would reset the connection, and the answer
 * would be lost with it (RFC 9112 section 9.6).
 */
export function linger(socket: Socket): void {
  if (socket.destroyed) return;
  const began = performance.now();
  const before = socket.bytesRead;
  let read = before;
  let moved = began;
  const look = setInterval(() => {
    const now = performance.now();
    if (socket.bytesRead !== read) moved = now;
    read = socket.bytesRead;
    if (now - moved >= QUIET_MS || now - began >= LONGEST_MS || read - before > MOST_BYTES) socket.destroy();
  }, LOOK_MS).unref();
  socket.once('close', () => clearInterval(look));
  socket.end();
  socket.resume();
}

/**
 * Reads what comes behind the last request of a connection and throws it away. As long as Node's server looks for requests there, it makes two objects of
 * each, and keeps them until the connection closes.
 */
export function discard(socket: Socket): void {
  socket.removeAllListeners('data');
  // Takes the socket from Node's parser.
  socket.on('data', () => {});
  socket.on('end', () => socket.end());
  socket.resume();
}
