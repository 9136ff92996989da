import { STATUS_CODES } from 'node:http';
import type { GatewayError } from '../exchange/errors.js';
import { printError } from '../exchange/print-error.js';

/** An HTTP/1.1 answer as it is written, for what Node's parser has made no request of; the last one of its connection. */
export function rawAnswer(error: GatewayError): string {
  const body = printError(error, 'status');
  const head = [
    `HTTP/1.1 ${error.httpStatus} ${STATUS_CODES[error.httpStatus] ?? 'Error'}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `date: ${new Date().toUTCString()}`,
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
