import type { Socket } from 'node:net';
import { type GatewayError, ownError } from '../exchange/errors.js';
import { linger } from './lingering.js';
import { rawAnswer } from './raw-answer.js';

/** What a client is told that takes too long over the headers of a request. */
export function lateHead(): GatewayError {
  return ownError(408, 'The request headers did not arrive in time.');
}

/** Tells that to a client of which too little has come to know what it wants to speak. */
export function refuseLate(socket: Socket): void {
  socket.on('error', () => {});
  socket.write(rawAnswer(lateHead()));
  linger(socket);
}
