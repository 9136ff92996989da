import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { badRequest, ownError } from '../exchange/errors.js';
import { Batch } from './batch.js';
import { type Decompress, decompressorOf } from './decompress.js';
import type { Holding } from './held-bytes.js';
import { crowded, incompletes } from './incomplete.js';
import { Pace } from './pace.js';

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Reads a whole request body within a size and a time; Fastify's body parser for every content type. The size is the route's `bodyLimit`: for what
 * arrives, and again for what that is when decompressed. No more than that is ever kept of either.
 * Answers 413, 408, 415, 503 and 400; the client may still be sending then, so the connection is closed with the answer.
 */
export function createBodyReader(timeoutMs: number) {
  return function readBody(request: FastifyRequest, payload: IncomingMessage, done: Done): void {
    const limit = request.routeOptions.bodyLimit;
    const length = Number(request.headers['content-length']);
    if (length > limit) {
      done(tooLarge(limit));
      return;
    }
    let decompress: Decompress | undefined;
    try {
      decompress = decompressorOf(request.headers['content-encoding']);
    } catch (e) {
      done(e as Error);
      return;
    }
    const finish = decompress === undefined ? done : thenDecompress(decompress, limit, done);
    if (payload instanceof IncomingMessage && length >= 0) readKnownLength(payload, length, timeoutMs, finish);
    else readToEnd(payload, limit, timeoutMs, finish);
  };
}

function thenDecompress(decompress: Decompress, limit: number, done: Done): Done {
  return (error, body) => {
    if (!(body instanceof Uint8Array)) done(error);
    else {
      decompress(body, limit, (failure, whole) => {
        if (failure === undefined) done(null, whole);
        else if (failure === 'too large') done(tooLarge(limit));
        else done(badRequest('content-encoding', 'is not how the request body is compressed'));
      });
    }
  };
}

/** Reads a body of known length, within its limit, as it comes: complete with its last byte. */
export function readKnownLength(payload: IncomingMessage, length: number, timeoutMs: number, done: Done): void {
  let first: Buffer | undefined;
  // Most bodies come in one piece.
  let more: Batch | undefined;
  let pace: Pace | undefined;
  let held: Holding | undefined;
  let received = 0;
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const finish = (failure: (() => Error) | undefined) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    if (held !== undefined) incompletes.release(held);
    const body = failure === undefined ? (more?.take() ?? first ?? Buffer.alloc(0)) : undefined;
    first = undefined;
    more = undefined;
    if (failure === undefined) done(null, body);
    else done(failure());
  };
  payload.on('data', (chunk: Buffer) => {
    if (over) return;
    received += chunk.length;
    if (first === undefined) first = chunk;
    else {
      if (held === undefined) held = incompletes.hold(received, () => finish(crowded));
      else incompletes.grow(held, chunk.length);
      more ??= startWith(first, length);
      more.add(chunk);
      pace ??= new Pace(payload);
      pace.count();
    }
    if (received >= length) finish(undefined);
  });
  payload.on('error', () => finish(unreadable));
  payload.on('close', () => finish(incomplete));
  if (length === 0) finish(undefined);
  if (over) return;
  // What came together with the head is delivered before that: most bodies need no timer.
  process.nextTick(() => {
    if (!over) timer = setTimeout(() => finish(late), timeoutMs);
  });
}

function startWith(first: Uint8Array, length: number): Batch {
  const batch = new Batch(length);
  batch.add(first);
  return batch;
}

/** Reads a body whose end is not known. */
export function readToEnd(payload: Readable, limit: number, timeoutMs: number, done: Done): void {
  const batch = new Batch(limit);
  const pace = new Pace(payload);
  const timer = setTimeout(() => finish(late()), timeoutMs);
  const held = incompletes.hold(0, () => finish(crowded()));
  const finish = (error: Error | null) => {
    clearTimeout(timer);
    incompletes.release(held);
    payload.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose).on('error', ignore);
    if (error === null) done(null, batch.take());
    else done(error);
  };
  const onData = (chunk: Buffer) => {
    if (batch.length + chunk.length > limit) finish(tooLarge(limit));
    else {
      batch.add(chunk);
      incompletes.grow(held, chunk.length);
      pace.count();
    }
  };
  const onEnd = () => finish(null);
  const onError = () => finish(unreadable());
  const onClose = () => {
    if (!payload.readableEnded) finish(incomplete());
  };
  payload.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
}

/** The client may still be sending. */
const headers = { connection: 'close' };

function tooLarge(limit: number): Error {
  return ownError(413, `The request body is larger than ${limit} bytes.`, { headers });
}

function late(): Error {
  return ownError(408, 'The request body did not arrive in time.', { headers });
}

function unreadable(): Error {
  return badRequest('', 'The request body could not be read.');
}

function incomplete(): Error {
  return badRequest('', 'The request body is incomplete.');
}

function ignore(): void {}
