import type { Socket } from 'node:net';

/** What a client sends first that knows that the server speaks HTTP/2 (RFC 9113 section 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/**
 * Reads the first bytes of a connection, as many as it takes to know which version of HTTP they are of, and gives them back. Answers once, unless
 * the connection closes before; undefined if it cannot be told after `timeoutMs`.
 */
export function onFirstBytes(socket: Socket, timeoutMs: number, known: (version: 1 | 2 | undefined) => void): void {
  let held: Buffer | undefined;
  const timer = setTimeout(() => decide(undefined), timeoutMs);
  const decide = (version: 1 | 2 | undefined) => {
    clearTimeout(timer);
    socket.off('data', look).off('error', ignore).off('end', leave).off('close', stop);
    if (held !== undefined) socket.unshift(held);
    known(version);
  };
  const look = (piece: Buffer) => {
    held = held === undefined ? piece : Buffer.concat([held, piece]);
    const length = Math.min(held.length, PREFACE.length);
    if (PREFACE.compare(held, 0, length, 0, length) !== 0) decide(1);
    else if (length === PREFACE.length) decide(2);
  };
  const leave = () => socket.destroy();
  const stop = () => clearTimeout(timer);
  socket.on('data', look).on('error', ignore).on('end', leave).on('close', stop);
}

function ignore(): void {}
