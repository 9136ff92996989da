import { STATUS_CODES } from 'node:http';
import { JsonError, WireError } from '../../proto/json/codec.js';
import { WireFormatError } from '../../proto/wire/reader.js';
import type { Status } from '../upstream/call.js';
import { Refusal } from './refusal.js';

/** google.rpc.Code, https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

type CodeName = keyof typeof Code;

const codeNames = Object.keys(Code) as CodeName[];

/** HTTP status by google.rpc.Code, as its comments in code.proto say. */
const httpStatusOfCode: readonly number[] = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

/** google.rpc.Code by HTTP status, for answers that did not come from an upstream. */
const codeOfHttpStatus: ReadonlyMap<number, number> = new Map([
  [400, Code.INVALID_ARGUMENT],
  [401, Code.UNAUTHENTICATED],
  [403, Code.PERMISSION_DENIED],
  [404, Code.NOT_FOUND],
  [405, Code.UNIMPLEMENTED],
  [406, Code.INVALID_ARGUMENT],
  [408, Code.DEADLINE_EXCEEDED],
  [409, Code.ABORTED],
  [413, Code.RESOURCE_EXHAUSTED],
  [414, Code.INVALID_ARGUMENT],
  [415, Code.INVALID_ARGUMENT],
  [429, Code.RESOURCE_EXHAUSTED],
  [431, Code.INVALID_ARGUMENT],
  [499, Code.CANCELLED],
  [500, Code.INTERNAL],
  [501, Code.UNIMPLEMENTED],
  [503, Code.UNAVAILABLE],
  [504, Code.DEADLINE_EXCEEDED],
]);

/** What else an error answer carries. */
export interface ErrorExtras {
  /** Each the JSON text of a google.protobuf.Any. */
  readonly details?: readonly string[];
  /** A header that the answer already has stands. Default for 401: `WWW-Authenticate: Bearer` (RFC 9110 section 11.6.1). */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log, never for the client: what was thrown, or words. */
  readonly cause?: unknown;
  /** Form of the body; default: that of the method. */
  readonly format?: ErrorFormat;
}

/** An answer that is an error, without a stack. Everything but `cause` is safe to show to a client. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly details: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly format: ErrorFormat | undefined;

  constructor(
    readonly httpStatus: number,
    readonly code: number,
    message: string,
    extras: ErrorExtras = {},
  ) {
    // An answer is no fault of the program: where it was made says nothing, and finding out takes as long as a quarter of a request.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, { cause: extras.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.details = extras.details ?? [];
    this.format = extras.format;
    this.headers = { ...(httpStatus === 401 ? { 'www-authenticate': 'Bearer' } : {}), ...extras.headers };
  }

  /** For Fastify and its plugins, which look for this name. */
  get statusCode(): number {
    return this.httpStatus;
  }
}

/** An answer of the gateway's own, by HTTP status. */
export function ownError(httpStatus: number, message: string, extras?: ErrorExtras): GatewayError {
  const code = codeOfHttpStatus.get(httpStatus) ?? (httpStatus < 500 ? Code.FAILED_PRECONDITION : Code.INTERNAL);
  return new GatewayError(httpStatus, code, message, extras);
}

/**
 * 400 with one `google.rpc.BadRequest` field violation.
 *
 * @param field a JSON path, a query key, a header name; '' for the request as a whole
 */
export function badRequest(field: string, reason: string, cause?: unknown): GatewayError {
  const message = field === '' ? reason : `${field}: ${reason}`;
  const detail = { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description: reason }] };
  return ownError(400, message, { details: [JSON.stringify(detail)], cause });
}

/** The answer for a call that ended with an error status; `details` are those of the status, as JSON texts. */
export function upstreamError(status: Status, details: readonly string[]): GatewayError {
  if (status.origin === 'local') return localFailure(status);
  const code = status.code in codeNames ? status.code : Code.UNKNOWN;
  const httpStatus = httpStatusOfCode[code] ?? 500;
  const seconds = httpStatus === 429 || httpStatus === 503 ? retryAfter(details) : undefined;
  return new GatewayError(httpStatus, code, status.message, {
    details,
    ...(seconds === undefined ? {} : { headers: { 'retry-after': String(seconds) } }),
  });
}

/** Whole seconds (RFC 9110 section 10.2.3) that a google.rpc.RetryInfo among the details says to wait. */
function retryAfter(details: readonly string[]): number | undefined {
  const info = details.find((detail) => detail.startsWith('{"@type":"type.googleapis.com/google.rpc.RetryInfo"'));
  const seconds = /"retryDelay":"(\d+(?:\.\d+)?)s"/.exec(info ?? '')?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds));
}

/** A failure on this side of the upstream: its text may hold addresses and stays in the log. */
function localFailure(status: Status): GatewayError {
  const extras = { cause: status.message };
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
      return ownError(503, 'The upstream is unavailable.', extras);
    default:
      return ownError(500, 'The call to the upstream failed.', extras);
  }
}

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

/**
 * Shape of error bodies: `status` = google.rpc.Status; `google` = wrapped in `error` with the status name (AIP-193); `line` = the only line of a stream.
 */
export type ErrorFormat = 'status' | 'google' | 'line';

/** The JSON text of an error answer. */
export function printError(error: GatewayError, format: ErrorFormat): string {
  const message = JSON.stringify(error.message);
  const details = `[${error.details.join(',')}]`;
  if (format !== 'google') {
    const status = `{"code":${error.code},"message":${message},"details":${details}}`;
    return format === 'line' ? `{"error":${status}}\n` : status;
  }
  const status = codeNames[error.code] ?? 'UNKNOWN';
  return `{"error":{"code":${error.httpStatus},"message":${message},"status":"${status}","details":${details}}}`;
}

/**
 * The problem details of an error answer (RFC 9457): without a type of its own, so that the title is that of the HTTP status (section 4.2.1), and
 * with the code and the details of the google.rpc.Status as extension members.
 */
export function printProblemDetails(error: GatewayError): string {
  const { httpStatus, code } = error;
  const title = JSON.stringify(httpStatus === 499 ? 'Client Closed Request' : (STATUS_CODES[httpStatus] ?? 'Error'));
  const detail = JSON.stringify(error.message);
  return `{"type":"about:blank","title":${title},"status":${httpStatus},"detail":${detail},"code":${code},"details":[${error.details.join(',')}]}`;
}
