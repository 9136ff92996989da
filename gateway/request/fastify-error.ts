import { errorCodes } from 'fastify';
import { badRequest, type GatewayError, ownError } from '../exchange/errors.js';

const kinds: ReadonlyMap<unknown, (typeof errorCodes)[keyof typeof errorCodes]> = new Map(Object.entries(errorCodes));

/** Sentences for what Fastify answers by itself; an error without one here gets a general sentence. */
const sentences: ReadonlyMap<string, string> = new Map([
  ['FST_ERR_BAD_URL', 'The path is not a valid URL path.'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'The path is too long.'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'The request body is too large.'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'The media type of the request body is not supported.'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'The request body is not as long as Content-Length says.'],
]);

/**
 * The answer for an error that Fastify itself has thrown for a request; undefined for any other, those of plugins included, whose codes begin like
 * Fastify's and whose sentences are meant for the client.
 */
export function fastifyError(thrown: unknown): GatewayError | undefined {
  if (!(thrown instanceof Error && 'code' in thrown && 'statusCode' in thrown)) return undefined;
  const { code, statusCode } = thrown;
  const kind = kinds.get(code);
  if (kind === undefined || !(thrown instanceof kind) || typeof statusCode !== 'number' || statusCode >= 500) return undefined;
  const sentence = sentences.get(String(code)) ?? 'The request is not valid.';
  return statusCode === 400 ? badRequest('', sentence, thrown) : ownError(statusCode, sentence, { cause: thrown });
}
