import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: NodeJS.Dict<string>;
  readonly text: string;
  readonly bytes: Buffer;
}

/** One HTTP request exactly as given: nothing is normalised, unlike with `fetch`. */
export function send(
  base: string,
  method: string,
  path: string,
  body?: string | Uint8Array,
  headers: Readonly<Record<string, string | string[]>> = {},
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  // Node sends no length of its own with GET, HEAD and DELETE.
  const length = body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const out = request({ hostname, port, method, path, headers: { ...headers, ...length }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          trailers: response.trailers,
          text: bytes.toString(),
          bytes,
        });
      });
    });
    out.on('error', reject);
    out.end(body);
  });
}

/** What a server answers to these bytes until it closes the connection. */
export function sendRaw(base: string, bytes: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
