import type { Metadata } from '../upstream/call.js';

/** Metadata by which a server says the HTTP status of a good answer. */
export const HTTP_CODE = 'x-http-code';

/** What the metadata says of the HTTP status; of several values the last one. */
export function httpCodeOf(metadata: Metadata): string | undefined {
  let code: string | undefined;
  for (const [name, value] of metadata) if (name === HTTP_CODE) code = String(value);
  return code;
}

/** The HTTP status that an upstream may set: 2xx, and 3xx where `redirects` says so; undefined for all else. */
export function parseHttpCode(text: string, redirects: boolean): number | undefined {
  const legal = redirects ? /^[23]\d\d$/ : /^2\d\d$/;
  return legal.test(text) ? Number(text) : undefined;
}

/** Answers of these have no body (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
export function isBodiless(httpStatus: number): boolean {
  return httpStatus === 204 || httpStatus === 205 || httpStatus === 304;
}
