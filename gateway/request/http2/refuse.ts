import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ErrorFormat, GatewayError } from '../../exchange/errors.js';
import { printError } from '../../exchange/print-error.js';
import { isOfConnection } from './names.js';

/** Answers an error on a stream whose request reaches no generation, whatever was set before. */
export function refuseStream(stream: ServerHttp2Stream, error: GatewayError, format: ErrorFormat = 'status'): void {
  if (stream.destroyed || stream.closed) return;
  const body = Buffer.from(printError(error, format));
  const headers = Object.entries(error.headers).filter(([name]) => !isOfConnection(name));
  stream.once('finish', () => endRequest(stream));
  stream.respond({
    ...Object.fromEntries(headers),
    ':status': error.httpStatus,
    'content-type': 'application/json',
    'content-length': body.length,
  });
  stream.end(body);
}

/** Behind an answer that has left: nobody needs the rest of the request (RFC 9113 section 8.1). */
export function endRequest(stream: ServerHttp2Stream): void {
  if (!stream.readableEnded && !stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Ends a stream where its answer is, so that nobody takes that for whole. */
export function cutStream(stream: ServerHttp2Stream): void {
  if (!stream.writableFinished && !stream.closed) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}
