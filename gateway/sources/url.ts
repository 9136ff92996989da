import { splitFileDescriptorSet } from '../../proto/descriptor/read.js';
import { Arena } from '../../proto/json/arena.js';
import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { strangeness } from './descriptor-set.js';
import { MAX_DESCRIPTOR_SET } from './limits.js';
import { sourceProblem } from './problem.js';
import { versionOf } from './version.js';

/** Longest time for a descriptor set to arrive, ms. */
export const FETCH_TIMEOUT_MS = 30_000;

/** A descriptor set as it last came from its URL. */
export interface Fetched {
  readonly source: SourceFiles;
  /** What to ask with whether it has changed (RFC 9110, 13.1). */
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/** Limits of a fetch; for tests, smaller than those of the product. */
export interface FetchLimits {
  readonly bytes: number;
  readonly timeoutMs: number;
}

const LIMITS: FetchLimits = { bytes: MAX_DESCRIPTOR_SET, timeoutMs: FETCH_TIMEOUT_MS };

/** Its text is not told: it may hold a password. */
const NOT_A_URL = 'begins like a URL but is none: expected https://HOST/PATH';

/** Whether a descriptor set is named by a URL, not by a path. */
export function isUrl(name: string): boolean {
  return /^https?:\/\//i.test(name);
}

/** A URL as it may be shown: without user, password, query and fragment, which may be secrets. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return 'the URL';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/**
 * Fetches a binary FileDescriptorSet by GET; answers `known` if the server says that it has not changed. User and password of the URL are sent
 * as basic credentials.
 */
export async function fetchDescriptorSet(url: string, known: Fetched | undefined, limits = LIMITS): Promise<Result<Fetched>> {
  const refuse = (reason: string): Result<Fetched> => ({
    ok: false,
    problems: [{ ...sourceProblem(shownUrl(url), reason), temporary: true }],
  });
  if (!URL.canParse(url)) return { ok: false, problems: [sourceProblem('descriptor set', NOT_A_URL)] };
  try {
    const response = await fetch(withoutCredentials(url), {
      headers: headersFor(url, known),
      signal: AbortSignal.timeout(limits.timeoutMs),
    });
    if (response.status === 304 && known !== undefined) return { ok: true, value: known, warnings: [] };
    if (response.status !== 200) {
      await response.body?.cancel();
      return refuse(`answers ${response.status}${response.statusText === '' ? '' : ` ${response.statusText}`}; is the URL right?`);
    }
    const bytes = await readLimited(response, limits.bytes);
    if (bytes === undefined) return refuse(`is larger than ${limits.bytes} bytes`);
    const strange = strangeness(bytes);
    if (strange !== undefined) return refuse(strange);
    const files = splitFileDescriptorSet(bytes);
    const source = { origin: shownUrl(url), version: versionOf(files), files };
    const [etag, lastModified] = ['etag', 'last-modified'].map((name) => response.headers.get(name) ?? undefined);
    return { ok: true, value: { source, etag, lastModified }, warnings: [] };
  } catch (error) {
    return refuse(fetchFailure(error, limits.timeoutMs));
  }
}

function withoutCredentials(text: string): URL {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url;
}

function headersFor(text: string, known: Fetched | undefined): Headers {
  const headers = new Headers({ accept: 'application/x-protobuf, application/octet-stream;q=0.9, */*;q=0.1' });
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') {
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    headers.set('authorization', `Basic ${credentials}`);
  }
  if (known?.etag !== undefined) headers.set('if-none-match', known.etag);
  else if (known?.lastModified !== undefined) headers.set('if-modified-since', known.lastModified);
  return headers;
}

/** The body, or undefined once it is larger than the limit. Copied as it comes: a server may send it in any number of pieces. */
async function readLimited(response: Response, limit: number): Promise<Uint8Array | undefined> {
  const arena = new Arena(limit);
  for await (const chunk of response.body ?? []) {
    if (arena.length + chunk.length > limit) return undefined;
    arena.append(chunk);
  }
  return arena.take();
}

/** What became of a fetch, in words that say what to do. */
function fetchFailure(error: unknown, timeoutMs: number): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return `did not answer within ${timeoutMs / 1000} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'ECONNREFUSED':
      return 'cannot be fetched: nothing listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'cannot be fetched: the name of the host is not known';
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'cannot be fetched: the connection was closed before the end';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'cannot be fetched: the host does not answer';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'cannot be fetched: its certificate is not trusted; name the issuer with NODE_EXTRA_CA_CERTS';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'cannot be fetched: its certificate is for another host';
    case 'CERT_HAS_EXPIRED':
      return 'cannot be fetched: its certificate has expired';
    default:
      return `cannot be fetched: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
