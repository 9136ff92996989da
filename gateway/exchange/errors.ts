import { Code, codeOfHttpStatus } from './code.js';

/**
 * Shape of error bodies: `status` = google.rpc.Status; `google` = wrapped in `error` with the status name (AIP-193); `line` = the only line of a stream.
 */
export type ErrorFormat = 'status' | 'google' | 'line';

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
  /** The client asked for what led to it: nothing that an operator has to know. */
  readonly chosen?: boolean;
}

/** An answer that is an error, without a stack. Everything but `cause` is safe to show to a client. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly details: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly format: ErrorFormat | undefined;
  readonly chosen: boolean;

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
    this.chosen = extras.chosen ?? false;
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
  const shown = clip(field);
  const description = clip(reason);
  const message = field === '' ? description : `${shown}: ${description}`;
  const detail = { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: shown, description }] };
  return ownError(400, message, { details: [JSON.stringify(detail)], cause });
}

/** Longest name of a field, and longest reason, that a client is told: both may hold what it sent. */
const LONGEST = 1000;

function clip(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
