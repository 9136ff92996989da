import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { badRequest, ownError } from '../exchange/errors.js';
import { createDecoder, type Decoder } from './decompress.js';

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Reads a whole request body within a size and a time; Fastify's body parser for every content type. The size is the route's `bodyLimit`: for what
 * arrives, and again for what that is when decompressed. No more than that is ever kept.
 * Answers 413, 408, 415 and 400; the client may still be sending then, so the connection is closed with the answer.
 */
export function createBodyReader(timeoutMs: number) {
  return function readBody(request: FastifyRequest, payload: IncomingMessage, done: Done): void {
    const limit = request.routeOptions.bodyLimit;
    if (Number(request.headers['content-length']) > limit) {
      done(tooLarge(limit));
      return;
    }
    let decoder: Decoder | undefined;
    try {
      decoder = createDecoder(request.headers['content-encoding']);
    } catch (e) {
      done(e as Error);
      return;
    }
    const length = Number(request.headers['content-length']);
    if (decoder === undefined && payload instanceof IncomingMessage && length >= 0) readKnownLength(payload, length, timeoutMs, done);
    else collect(payload, decoder, limit, timeoutMs, done);
  };
}

/** Reads a body of known length, within its limit, as it comes: complete with its last byte. */
export function readKnownLength(payload: IncomingMessage, length: number, timeoutMs: number, done: Done): void {
  const chunks: Buffer[] = [];
  let received = 0;
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  const finish = (failure: (() => Error) | undefined) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    if (failure === undefined) done(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length));
    else done(failure());
  };
  payload.on('data', (chunk: Buffer) => {
    if (over) return;
    chunks.push(chunk);
    received += chunk.length;
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

function collect(payload: IncomingMessage, decoder: Decoder | undefined, limit: number, timeoutMs: number, done: Done): void {
  const source: Readable = decoder ?? payload;
  const chunks: Buffer[] = [];
  let length = 0;
  let received = 0;
  const timer = setTimeout(() => finish(late()), timeoutMs);
  const finish = (error: Error | null) => {
    clearTimeout(timer);
    source.off('data', onData).off('end', onEnd);
    payload.off('error', onError).off('close', onClose).on('error', ignore);
    if (decoder !== undefined) {
      payload.off('data', onReceived).unpipe(decoder).resume();
      decoder.off('error', onUndecodable).on('error', ignore).destroy();
    }
    if (error === null) done(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length));
    else done(error);
  };
  const onData = (chunk: Buffer) => {
    length += chunk.length;
    if (length > limit) finish(tooLarge(limit));
    else chunks.push(chunk);
  };
  const onReceived = (chunk: Buffer) => {
    received += chunk.length;
    if (received > limit) finish(tooLarge(limit));
  };
  const onEnd = () => {
    // A decoder ends where its format does; bytes behind that would be lost.
    const isWhole = decoder === undefined || (payload.readableEnded && decoder.bytesWritten === received);
    if (isWhole) finish(null);
    else onUndecodable();
  };
  const onUndecodable = () => finish(badRequest('content-encoding', 'is not how the request body is compressed'));
  const onError = () => finish(unreadable());
  const onClose = () => {
    if (!payload.readableEnded) finish(incomplete());
  };
  source.on('data', onData).on('end', onEnd);
  payload.on('error', onError).on('close', onClose);
  if (decoder === undefined) return;
  decoder.on('error', onUndecodable);
  payload.on('data', onReceived).pipe(decoder);
}

function tooLarge(limit: number): Error {
  return ownError(413, `The request body is larger than ${limit} bytes.`);
}

function late(): Error {
  return ownError(408, 'The request body did not arrive in time.');
}

function unreadable(): Error {
  return badRequest('', 'The request body could not be read.');
}

function incomplete(): Error {
  return badRequest('', 'The request body is incomplete.');
}

function ignore(): void {}
