import type { Status } from '../../upstream/call.js';
import type { Upstream } from '../../upstream/upstream.js';

/** A server could not be asked, or did not answer as it should. */
export class ReflectionFailure extends Error {
  override readonly name = 'ReflectionFailure';

  constructor(
    /** What the server did wrong, in words; '' if `status` says it. */
    readonly reason: string,
    /** How the stream ended. */
    readonly status?: Status,
  ) {
    super(reason);
  }
}

/** What to say of a failure, and what to do about it. */
export async function explain({ reason, status }: ReflectionFailure, name: string, timeoutMs: number, upstream: Upstream): Promise<string> {
  const asked = 'does not answer by server reflection';
  if (status === undefined || reason !== '') return `${asked} as it should: ${reason}`;
  const local = status.origin === 'local';
  switch (CODES[status.code]) {
    case 'UNIMPLEMENTED':
      return `does not offer server reflection (tried grpc.reflection.v1 and v1alpha${local ? `; ${printable(status.message)}` : ''}): register the reflection service in the server, or give --proto or --descriptor-set`;
    case 'UNAUTHENTICATED':
    case 'PERMISSION_DENIED':
      return `refuses server reflection (${statusText(status)}): say who asks with --reflection-header "authorization: Bearer ...", or upstreams.${name}.reflection.metadata`;
    case 'DEADLINE_EXCEEDED':
      return (
        (await unreachable(upstream)) ??
        `${asked} within ${timeoutMs} ms: is it overloaded? upstreams.${name}.reflection.timeoutMs gives it more`
      );
    case 'UNAVAILABLE':
      return (local ? await unreachable(upstream) : undefined) ?? `${asked}: ${statusText(status)}`;
    case 'UNKNOWN':
      return local ? `${asked}: ${printable(status.message)}: is the port the right one?` : `${asked}: ${statusText(status)}`;
    default:
      return `${asked}: ${local ? printable(status.message) : statusText(status)}`;
  }
}

async function unreachable(upstream: Upstream): Promise<string | undefined> {
  const found = await upstream.diagnose();
  return found === undefined ? undefined : `cannot be asked for its services: ${found}`;
}

/** `NOT_FOUND: no such symbol`. */
export function statusText({ code, message }: { readonly code: number; readonly message: string }): string {
  const name = CODES[code] ?? `code ${code}`;
  return message === '' ? name : `${name}: ${printable(message)}`;
}

/** What a server wrote, on one line and not endless. */
export function printable(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}...` : line;
}

const MAX_TEXT = 200;

/** google.rpc.Code by number. */
const CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;
