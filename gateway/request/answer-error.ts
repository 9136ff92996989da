import type { ErrorFormat, GatewayError } from '../exchange/errors.js';
import type { Outgoing } from '../exchange/exchange.js';
import { printError, printProblemDetails } from '../exchange/print-error.js';
import { PROBLEM_JSON, prefersProblem } from '../transcode/negotiate.js';
import { callOf, causeOf } from './call-log.js';
import { varyByAccept } from './vary.js';

/** Answers an error in the form that the request wants, and logs those that are not the client's. `rpc`: full name of the method that was called. */
export function answerError(error: GatewayError, format: ErrorFormat, rpc: string | undefined, reply: Outgoing): void {
  if (error.httpStatus >= 500)
    reply.log[error.chosen ? 'debug' : 'warn']({ ...callOf(rpc, reply.request), ...causeOf(error) }, error.message);
  for (const [name, value] of Object.entries(error.headers)) {
    if (!reply.hasHeader(name)) reply.header(name, value);
  }
  varyByAccept(reply);
  const asProblem = prefersProblem(reply.request.headers.accept);
  const body = asProblem ? printProblemDetails(error) : printError(error, error.format ?? format);
  reply.code(error.httpStatus);
  reply.type(asProblem ? PROBLEM_JSON : 'application/json');
  reply.send(Buffer.from(body));
}
