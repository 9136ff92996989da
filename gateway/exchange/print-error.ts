import { STATUS_CODES } from 'node:http';
import { codeNames } from './code.js';
import type { ErrorFormat, GatewayError } from './errors.js';

/** The JSON text of an error answer. */
export function printError(error: GatewayError, format: ErrorFormat): string {
  const status = printStatus(error, format);
  if (format === 'status') return status;
  return format === 'line' ? `{"error":${status}}\n` : `{"error":${status}}`;
}

/** The JSON object that says what was wrong, as it stands in the envelopes of an error: a google.rpc.Status, or for Google's clients AIP-193's. */
export function printStatus({ code, httpStatus, message, details }: GatewayError, format: ErrorFormat): string {
  const [text, list] = [JSON.stringify(message), `[${details.join(',')}]`];
  if (format !== 'google') return `{"code":${code},"message":${text},"details":${list}}`;
  return `{"code":${httpStatus},"message":${text},"status":"${codeNames[code] ?? 'UNKNOWN'}","details":${list}}`;
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
