import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from './logger.js';

/** What a request is to the gateway: one of Fastify's, or one that is served without it (`direct.ts`). */
export interface Incoming {
  readonly raw: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
  /** Bytes, once they were read. */
  readonly body: unknown;
  /** As the client named it, with its port if it did. */
  readonly host: string;
  readonly ip: string;
  /** From the client to the last hop, last first; undefined where no proxy is trusted. */
  readonly ips?: string[] | undefined;
  readonly protocol: string;
}

/** What its reply is. Names of headers are in lower case. */
export interface Outgoing {
  readonly request: Incoming;
  readonly raw: ServerResponse;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  hasHeader(name: string): boolean;
  getHeader(name: string): string | number | string[] | undefined;
  /** Sets a header in place of what it was. */
  header(name: string, value: string | string[]): unknown;
  code(httpStatus: number): unknown;
  type(contentType: string): unknown;
  /** Answers, once: bytes, a stream, nothing; or an error, which decides status and body. */
  send(payload?: unknown): unknown;
}
