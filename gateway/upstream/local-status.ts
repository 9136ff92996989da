import type { CancelReason, Status } from './call.js';

/** A status that this side gives. */
export function localStatus(code: number, message: string, processed: boolean): Status {
  return { code, message, trailers: [], origin: 'local', processed };
}

/** How a call ends that its caller gave up. */
export const CANCELLED: Readonly<Record<CancelReason, Status>> = {
  client: localStatus(1, 'cancelled by the caller', true),
  deadline: localStatus(4, 'deadline exceeded', true),
  limit: localStatus(8, 'a limit of the caller was exceeded', true),
};

/** The server broke the contract of a unary reply. */
export const SECOND_MESSAGE = localStatus(13, 'the server sent a second message for a unary reply', true);

/** The answer comes from something else than a gRPC server. */
export function notGrpc(contentType: string): Status {
  return localStatus(2, `the server answered with ${contentType}, which is not gRPC`, true);
}

/** A bug of the caller, told in the one place that it cannot miss. */
export function callbackFailed(error: unknown): Status {
  return localStatus(13, `a callback of the call threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, true);
}
