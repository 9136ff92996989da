import { once } from 'node:events';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders, type SecureClientSessionOptions } from 'node:http2';

/** An answer of HTTP/2, read to its end. */
export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly text: string;
  /** The code that the stream was reset with; 0 if it was not. */
  readonly reset: number;
}

/** A connection of HTTP/2 with prior knowledge, or over TLS; what goes wrong with it is no error of the test. */
export async function connectHttp2(
  t: { teardown(stop: () => unknown): void },
  url: string,
  options: SecureClientSessionOptions = {},
): Promise<ClientHttp2Session> {
  const session = connect(url.replace('localhost', '127.0.0.1'), options);
  session.on('error', () => {});
  t.teardown(() => session.destroy());
  await once(session, 'connect');
  return session;
}

/** One request; `body` undefined: none, and its head says so; `isWhole` false: the rest of it does not come. */
export function ask(
  session: ClientHttp2Session,
  head: Readonly<Record<string, string | string[]>>,
  body?: string | Uint8Array,
  isWhole = true,
): Promise<Http2Answer> {
  return new Promise((resolve) => {
    const stream = session.request(head, { endStream: body === undefined });
    let [headers, trailers, text]: [IncomingHttpHeaders, IncomingHttpHeaders, string] = [{}, {}, ''];
    stream.setEncoding('utf8');
    stream.on('response', (got) => {
      headers = got;
    });
    stream.on('trailers', (got) => {
      trailers = got;
    });
    stream.on('data', (chunk) => {
      text += chunk;
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      const status = Number((headers as Record<string, unknown>)[':status'] ?? 0);
      resolve({ status, headers, trailers, text, reset: stream.rstCode ?? 0 });
    });
    if (body === undefined) return;
    if (isWhole) stream.end(body);
    else stream.write(body);
  });
}
