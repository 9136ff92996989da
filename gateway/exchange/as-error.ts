import { JsonError, WireError } from '../../proto/json/codec.js';
import { WireFormatError } from '../../proto/wire/reader.js';
import { badRequest, GatewayError, ownError } from './errors.js';
import { Refusal } from './refusal.js';

/** Any thrown value as an answer: ours as they are, refusals as 400, 406, 413 or 415, Fastify's by their status, all else 500 without a word of its text. */
export function asGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  if (thrown instanceof JsonError) return badRequest(thrown.path, thrown.reason);
  if (thrown instanceof Refusal) {
    if (thrown.kind === 'mediaType') return ownError(415, thrown.reason, { headers: thrown.headers });
    if (thrown.kind === 'notAcceptable') return ownError(406, thrown.reason);
    return thrown.kind === 'size' ? ownError(413, thrown.message) : badRequest(thrown.field, thrown.reason);
  }
  if (thrown instanceof WireError || thrown instanceof WireFormatError)
    return ownError(500, 'The upstream sent an invalid reply.', { cause: thrown });
  return hostError(thrown);
}

/** Sentences for what Fastify answers by itself; a status without one here gets a general sentence. */
const hostSentences: ReadonlyMap<string, string> = new Map([
  ['FST_ERR_BAD_URL', 'The path is not a valid URL path.'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'The path is too long.'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'The request body is too large.'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'The media type of the request body is not supported.'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'The request body is not as long as Content-Length says.'],
]);

/** An error of Fastify or of a plugin or hook: a plugin's own 4xx sentence is meant for the client, everything else is not. */
function hostError(thrown: unknown): GatewayError {
  const { statusCode, code, message } = thrown instanceof Error ? (thrown as Error & { statusCode?: unknown; code?: unknown }) : {};
  const status = typeof statusCode === 'number' && statusCode >= 400 && statusCode <= 599 ? statusCode : 500;
  const known = typeof code === 'string' ? hostSentences.get(code) : undefined;
  const isFastifys = typeof code === 'string' && code.startsWith('FST_');
  const own = status < 500 && !isFastifys && typeof message === 'string' ? message : undefined;
  const general = status < 500 ? 'The request is not valid.' : 'Internal error.';
  const sentence = known ?? own ?? general;
  return status === 400 ? badRequest('', sentence, thrown) : ownError(status, sentence, { cause: thrown });
}
