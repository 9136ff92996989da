import type { IncomingHttpHeaders } from 'node:http';
import { badRequest, ownError } from '../../exchange/errors.js';
import { isMetadataName, isReserved } from '../../exchange/header-names.js';

/** WebSockets of a generation that may wait for their metadata. */
const MOST_WAITING = 1000;

/** What the first message of a WebSocket says where a browser has no headers to say it in. */
export interface MetadataFrames {
  /** Takes a place among those who wait; what is returned gives it back, once. Throws 503 if there is none. */
  enter(): () => void;
  /** The headers that it stands for: name, value. Throws 400 naming what is wrong. */
  read(text: Uint8Array, headers: IncomingHttpHeaders): readonly (readonly [name: string, value: string])[];
}

/** Names that a client may say for itself, whatever is on its way here. */
const always = ['authorization', 'x-goog-api-key', 'accept-language', 'traceparent', 'tracestate', 'x-request-id', 'grpc-timeout'];

/**
 * Compiles the reader of metadata messages:
 *
 *     {"$metadata": {"authorization": "Bearer abc", "x-trace": ["a", "b"]}}
 *
 * Each name stands for a header of the handshake, to which the same rules apply; one that the handshake has, or that something on the way may have had a
 * say in, is refused.
 *
 * @param names that may be said besides, in lower case; a `*` at the end stands for any ending
 */
export function createMetadataFrames(names: readonly string[]): MetadataFrames {
  let waiting = 0;
  const exact = new Set([...always, ...names]);
  const beginnings = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const isAllowed = (name: string): boolean => {
    if (exact.has(name)) return true;
    return isMetadataName(name) && !isReserved(name, 'request') && beginnings.some((beginning) => name.startsWith(beginning));
  };
  return {
    enter() {
      if (waiting >= MOST_WAITING) throw ownError(503, 'Too many WebSockets wait for their metadata.', { headers: { 'retry-after': '1' } });
      waiting += 1;
      let left = false;
      return () => {
        if (!left) waiting -= 1;
        left = true;
      };
    },
    read(text, headers) {
      return Object.entries(metadataIn(text)).map(([key, value]) => {
        const name = key.toLowerCase();
        const path = `$metadata.${key}`;
        if (!isAllowed(name)) throw badRequest(path, 'cannot be said here: metadata.webSocket names what can');
        if (headers[name] !== undefined) throw badRequest(path, 'is a header of the handshake');
        if (typeof value !== 'string' || !PRINTABLE.test(value)) throw badRequest(path, 'must be a text of printable ASCII');
        return [name, value] as const;
      });
    },
  };
}

const PRINTABLE = /^[\x20-\x7e]*$/;

function metadataIn(text: Uint8Array): Readonly<Record<string, unknown>> {
  const message = parse(text);
  if (!isObject(message) || Object.keys(message).join() !== '$metadata' || !isObject(message.$metadata))
    throw badRequest('', 'The first message has to be {"$metadata": {...}}.');
  return message.$metadata;
}

function parse(text: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString());
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
