import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';
import { until } from './raw.js';

/** What came of a WebSocket. */
export type Frame = string | Buffer;

/** A client of a WebSocket, and what it was sent. */
export class Client {
  readonly frames: Frame[] = [];
  /** Code and reason with which it was closed. */
  closed: readonly [code: number, reason: string] | undefined;

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data: Buffer, binary) => this.frames.push(binary ? data : data.toString()));
    ws.on('close', (code, reason) => {
      this.closed = [code, reason.toString()];
    });
    ws.on('error', () => {});
  }

  /** Rejects if the handshake is refused. `url` of the gateway. */
  static async open(url: string, path: string, protocols: string | string[] = [], options: ClientOptions = {}): Promise<Client> {
    const ws = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, protocols, { perMessageDeflate: false, ...options });
    const client = new Client(ws);
    await once(ws, 'open');
    return client;
  }

  send(...messages: readonly Frame[]): void {
    for (const message of messages) this.ws.send(message);
  }

  async until(count: number): Promise<readonly Frame[]> {
    await until(() => this.frames.length >= count || this.closed !== undefined);
    return this.frames;
  }

  async end(): Promise<readonly [code: number, reason: string]> {
    await until(() => this.closed !== undefined);
    return this.closed ?? [0, ''];
  }
}

/** What a handshake is answered that is refused. */
export interface Refused {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

/** Opens a WebSocket that is refused. */
export function refusedBy(url: string, path: string, protocols: string | string[] = [], options: ClientOptions = {}): Promise<Refused> {
  const ws = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, protocols, options);
  return new Promise((resolve, reject) => {
    ws.on('open', () => reject(new Error('it was accepted')));
    ws.on('error', reject);
    ws.on('unexpected-response', (_request, response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], text }));
    });
  });
}
