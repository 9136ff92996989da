import { Code, codeNames, httpStatusOfCode } from './code.js';
import { GatewayError, ownError } from './errors.js';

/** How a call ended: what of its status decides the answer. */
interface EndedCall {
  readonly code: number;
  readonly message: string;
  /** Whether the upstream said it, or this side. */
  readonly origin: 'upstream' | 'local';
  /** False: the upstream has not seen the call. */
  readonly processed: boolean;
}

/** The answer for a call that ended with an error status; `details` are those of the status, as JSON texts. `chosen`: the client wanted it to end so. */
export function callError(status: EndedCall, details: readonly string[], chosen = false): GatewayError {
  if (status.origin === 'local') return localFailure(status, chosen);
  const code = status.code in codeNames ? status.code : Code.UNKNOWN;
  const httpStatus = httpStatusOfCode[code] ?? 500;
  const seconds = httpStatus === 429 || httpStatus === 503 ? retryAfter(details) : undefined;
  return new GatewayError(httpStatus, code, status.message, {
    details,
    chosen,
    ...(seconds === undefined ? {} : { headers: { 'retry-after': String(seconds) } }),
  });
}

/** Whole seconds (RFC 9110 section 10.2.3) that a google.rpc.RetryInfo among the details says to wait. */
function retryAfter(details: readonly string[]): number | undefined {
  const info = details.find((detail) => detail.startsWith('{"@type":"type.googleapis.com/google.rpc.RetryInfo"'));
  const seconds = /"retryDelay":"(\d+(?:\.\d+)?)s"/.exec(info ?? '')?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds));
}

/** For calls that no server has seen: one that is back, or has a place again, is found within a second. */
const RETRY_SOON = { 'retry-after': '1' };

/** A failure on this side of the upstream: its text may hold addresses and stays in the log. */
function localFailure(status: EndedCall, chosen: boolean): GatewayError {
  const extras = { cause: status.message, chosen };
  switch (status.code) {
    case Code.DEADLINE_EXCEEDED:
      return ownError(504, 'The upstream did not answer in time.', extras);
    case Code.RESOURCE_EXHAUSTED:
      if (!status.processed) return ownError(431, 'The headers are larger than the upstream takes.', extras);
      return ownError(500, 'The reply of the upstream is too large.', extras);
    // A call of a client that has left needs no answer: what is cancelled here was reset by the server, or by a shutdown.
    case Code.CANCELLED:
      return ownError(503, 'The call was cut off.', extras);
    case Code.UNAVAILABLE:
      return ownError(503, 'The upstream is unavailable.', status.processed ? extras : { ...extras, headers: RETRY_SOON });
    default:
      return ownError(500, 'The call to the upstream failed.', extras);
  }
}
