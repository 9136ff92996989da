import type { IncomingHttpHeaders } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import { Exchange, type Incoming } from '../../exchange/exchange.js';
import { queryOf } from '../routing.js';

/** Who is at the other end of a connection. */
export interface Client {
  readonly ip: string;
  readonly protocol: 'http' | 'https';
}

/** Name, value, name, value... of a head of HTTP/2 (RFC 9113 section 8.3): pseudo-header fields come first. */
type Fields = readonly string[];

/** A request of HTTP/2, with the stream that it came on, and its exchange, which ends with the stream. */
export class Http2Request implements Incoming {
  readonly exchange = new Exchange();
  readonly httpVersion = '2.0';
  readonly handshake = undefined;
  readonly method: string;
  /** The target, as a request line has it. */
  readonly url: string;
  readonly host: string;
  readonly rawHeaders: Fields;
  captures: readonly string[] = [];
  body: unknown = undefined;
  /** Bytes of its answer that the client has taken, where that is answered in pieces. */
  taken: number | undefined = undefined;
  stream: Readable | undefined = undefined;

  /** @param hasBody something follows the head */
  constructor(
    readonly http2: ServerHttp2Stream,
    readonly headers: IncomingHttpHeaders,
    fields: Fields,
    readonly client: Client,
    readonly hasBody: boolean,
  ) {
    this.method = textOf(headers[':method']);
    this.url = textOf(headers[':path']);
    this.host = textOf(headers[':authority'] ?? headers.host);
    this.rawHeaders = withoutPseudo(fields, headers.host === undefined ? this.host : undefined);
    headers.host ??= this.host;
    // A client that waits for `100 Continue` (RFC 9110 section 10.1.1) gets it when its body begins to be read.
    if (hasBody && headers.expect !== undefined) http2.once('resume', () => sayContinue(http2));
    http2.on('error', () => {});
    http2.on('close', () => this.exchange.end(isWhole(http2)));
  }

  get query(): string {
    return queryOf(this);
  }

  get ip(): string {
    return this.client.ip;
  }

  get protocol(): string {
    return this.client.protocol;
  }
}

/** Node ends a stream itself when its client or the connection has. */
function isWhole({ headersSent, aborted, rstCode, writableFinished }: ServerHttp2Stream): boolean {
  return headersSent && !aborted && rstCode === 0 && writableFinished;
}

function sayContinue(http2: ServerHttp2Stream): void {
  if (!http2.headersSent && !http2.closed) http2.additionalHeaders({ ':status': 100 });
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** As HTTP/1.1 has them: `host` is a header. */
function withoutPseudo(fields: Fields, host: string | undefined): Fields {
  let from = 0;
  while (fields[from]?.startsWith(':')) from += 2;
  const rest = fields.slice(from);
  return host === undefined ? rest : ['host', host, ...rest];
}
