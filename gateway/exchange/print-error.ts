import { STATUS_CODES } from 'node:http';
import { codeNames } from './code.js';
import type { ErrorFormat, GatewayError } from './errors.js';

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
