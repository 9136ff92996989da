import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { ownError } from './errors.js';

/**
 * Reads a whole request body within a size and a time; Fastify's body parser for every content type. The size is the route's `bodyLimit`.
 * Answers 413 and 408; the client may still be sending then, so the connection is closed with the answer.
 */
export function createBodyReader(timeoutMs: number) {
  return function readBody(request: FastifyRequest, payload: IncomingMessage, done: (error: Error | null, body?: Buffer) => void): void {
    const limit = request.routeOptions.bodyLimit;
    const tooLarge = () => ownError(413, `The request body is larger than ${limit} bytes.`);
    if (Number(request.headers['content-length']) > limit) {
      done(tooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => finish(ownError(408, 'The request body did not arrive in time.')), timeoutMs);
    const finish = (error: Error | null) => {
      clearTimeout(timer);
      payload.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      payload.on('error', ignore);
      if (error === null) done(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length));
      else done(error);
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) finish(tooLarge());
      else chunks.push(chunk);
    };
    const onEnd = () => finish(null);
    const onError = () => finish(ownError(400, 'The request body could not be read.'));
    const onClose = () => finish(ownError(400, 'The request body is incomplete.'));
    payload.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  };
}

function ignore(): void {}
