import { JsonError, OutputLimit, WireError } from '../../proto/json/codec.js';
import { WireFormatError } from '../../proto/wire/reader.js';
import { badRequest, GatewayError, ownError } from './errors.js';
import { Refusal } from './refusal.js';

/** Any thrown value as an answer: ours as they are, refusals as 400, 406, 413 or 415, those of plugins and hooks by their status, all else 500 without a word of its text. */
export function asGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  if (thrown instanceof JsonError) return badRequest(thrown.path, thrown.reason);
  if (thrown instanceof Refusal) {
    if (thrown.kind === 'mediaType') return ownError(415, thrown.reason, { headers: thrown.headers });
    if (thrown.kind === 'notAcceptable') return ownError(406, thrown.reason);
    return thrown.kind === 'size' ? ownError(413, thrown.message) : badRequest(thrown.field, thrown.reason);
  }
  if (thrown instanceof OutputLimit) return ownError(500, 'The reply of the upstream is too large.', { cause: thrown });
  if (thrown instanceof WireError || thrown instanceof WireFormatError)
    return ownError(500, 'The upstream sent an invalid reply.', { cause: thrown });
  return hostError(thrown);
}

/** An error of a plugin or hook: a 4xx sentence is meant for the client, everything else is not. */
function hostError(thrown: unknown): GatewayError {
  const { statusCode, message } = thrown instanceof Error ? (thrown as Error & { statusCode?: unknown }) : {};
  const status = typeof statusCode === 'number' && statusCode >= 400 && statusCode <= 599 ? statusCode : 500;
  const sentence = status < 500 && message !== undefined ? message : 'Internal error.';
  return status === 400 ? badRequest('', sentence, thrown) : ownError(status, sentence, { cause: thrown });
}
