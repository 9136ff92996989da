import { Refusal } from './refusal.js';

/** What the content type needs to know of a request. Header values as they came. */
export interface BodyHeaders {
  readonly 'content-type'?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
  readonly origin?: string | undefined;
}

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const QUOTE = 0x22;

/**
 * Accepts a request body as JSON or throws {@link Refusal}.
 *
 * JSON is `application/json`, `application/*+json`, no type at all, `text/plain`, and the form type when the body starts like JSON: that is what
 * `curl -d '{...}'` sends. A foreign web page can send the last three without asking, so they are refused when a browser says that one does.
 *
 * @param host the host the client asked for, with its port if it named one
 */
export function assertJson(headers: BodyHeaders, body: Uint8Array, host: string): void {
  const type = mediaType(headers['content-type']);
  if (type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'))) return;
  const isForm = type === 'application/x-www-form-urlencoded';
  if (type !== '' && type !== 'text/plain' && !(isForm && startsLikeJson(body))) {
    throw new Refusal('mediaType', '', 'The media type of the request body is not supported: send application/json.');
  }
  if (isForeign(headers, host)) {
    throw new Refusal('mediaType', '', 'A cross-site request must send its body as application/json.');
  }
}

function mediaType(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const end = contentType.indexOf(';');
  return (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

function startsLikeJson(body: Uint8Array): boolean {
  const first = body[firstNonSpace(body)];
  return first === OPEN_BRACE || first === OPEN_BRACKET || first === QUOTE;
}

function firstNonSpace(body: Uint8Array): number {
  let at = 0;
  while (at < body.length && isSpace(body[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Nothing but white space, `{}` or `""`: what REST clients send for "no body". */
export function isEmptyJson(body: Uint8Array): boolean {
  const start = firstNonSpace(body);
  let end = body.length;
  while (end > start && isSpace(body[end - 1])) end -= 1;
  if (end === start) return true;
  const [first, last] = [body[start], body[end - 1]];
  if (first === QUOTE) return end - start === 2 && last === QUOTE;
  return first === OPEN_BRACE && last === 0x7d && firstNonSpace(body.subarray(start + 1, end - 1)) === end - start - 2;
}

function isForeign(headers: BodyHeaders, host: string): boolean {
  if (headers['sec-fetch-site'] === 'cross-site') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase().replace(/:(80|443)$/, '');
}
