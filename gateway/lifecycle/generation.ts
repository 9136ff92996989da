import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteTable } from '../../annotations/binding.js';
import { createCodec } from '../../proto/json/create.js';
import type { Schema } from '../../proto/schema.js';
import type { Api } from '../api/api.js';
import { Documents } from '../api/documents.js';
import type { Unruled } from '../api/unruled.js';
import type { Config } from '../config/config.js';
import { ownError } from '../exchange/errors.js';
import type { Logger } from '../exchange/logger.js';
import { type App, createApp, type Setup } from '../request/app.js';
import type { Direct } from '../request/direct.js';
import { exchangeOf } from '../request/exchanges.js';
import { refuse } from '../request/framing-check.js';
import type { DirectHttp2 } from '../request/http2/direct.js';
import { nodeObjectsOf } from '../request/http2/node-objects.js';
import { refuseStream } from '../request/http2/refuse.js';
import type { Http2Request } from '../request/http2/request.js';
import { logRequest } from '../request/request-log.js';
import { createRouteCompiler } from '../request/route.js';
import { hangMatch, matchOf } from '../request/routing.js';
import { isQuiet } from '../runtime/log.js';
import type { Runtime } from '../runtime/runtime.js';

/** Schema, routes, codecs, document and app that were built together and serve together, until the last of their requests has ended. */
export interface Generation {
  readonly id: number;
  readonly schema: Schema;
  readonly table: RouteTable;
  readonly app: App['app'];
  /** Methods that it could serve if they had rules. */
  readonly unruled: Unruled;
  /** Requests and streams in progress. */
  readonly inFlight: number;
  /** JSON text of the OpenAPI document, written when it is first asked for. */
  document(version: '3.1' | '3.0'): Promise<Uint8Array>;
  handle(request: IncomingMessage, response: ServerResponse): void;
  handleHttp2(request: Http2Request): void;
  /** Closes the app when nothing is in progress any more, or after `graceMs` (Infinity = whenever that is). Give it no more requests. Called again, the shorter time counts. */
  retire(graceMs: number): Promise<void>;
}

/** Builds a generation aside: it serves nothing until requests are handed to it. Rejects if a `Setup` does. */
export async function createGeneration(
  id: number,
  api: Api,
  config: Config,
  runtime: Runtime,
  setup: Setup | undefined,
): Promise<Generation> {
  const compileRoute = createRouteCompiler(
    api.schema,
    createCodec(api.schema),
    config,
    (method, policy) => runtime.upstream(policy.upstream).invoker(method, policy),
    runtime.fault,
  );
  const documents = new Documents(api, config);
  const app = await createApp({ api, documents, config, runtime, setup, compileRoute });
  return new ServingGeneration(id, api, documents, app, runtime.log);
}

class ServingGeneration implements Generation {
  inFlight = 0;
  readonly schema: Schema;
  readonly table: RouteTable;
  readonly unruled: Unruled;
  readonly app: App['app'];
  readonly #direct: Direct | undefined;
  readonly #directHttp2: DirectHttp2 | undefined;
  readonly #log: Logger;
  readonly #closed: Promise<void>;
  #stop: () => void = () => {};
  #stopped = false;
  #retiring = false;

  constructor(
    readonly id: number,
    api: Api,
    readonly documents: Documents,
    { app, direct, directHttp2 }: App,
    log: Logger,
  ) {
    this.#log = log;
    this.app = app;
    this.#direct = direct;
    this.#directHttp2 = directHttp2;
    this.schema = api.schema;
    this.table = api.table;
    this.unruled = api.unruled;
    this.#closed = new Promise<void>((resolve) => {
      this.#stop = () => {
        this.#stopped = true;
        resolve();
      };
    }).then(() => app.close());
  }

  document(version: '3.1' | '3.0'): Promise<Uint8Array> {
    return this.documents.get(version, 'json');
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#stopped) {
      // It came on an open connection while the gateway closes.
      refuse(response, ownError(503, 'The server is shutting down.'));
      return;
    }
    // Its client left while a host app had it: it would never end.
    const exchange = exchangeOf(request, response);
    if (exchange.over) return;
    this.inFlight += 1;
    exchange.onEnd(this.#ended);
    if (!isQuiet(this.#log)) logRequest(exchange, request, () => response.statusCode, this.#log);
    if (this.#direct?.(request, response, exchange) !== true) this.app.routing(request, response);
  }

  handleHttp2(request: Http2Request): void {
    const { exchange, http2 } = request;
    if (this.#stopped) {
      refuseStream(http2, ownError(503, 'The server is shutting down.'));
      return;
    }
    this.inFlight += 1;
    exchange.onEnd(this.#ended);
    if (!isQuiet(this.#log)) logRequest(exchange, request, () => Number(http2.sentHeaders?.[':status']), this.#log);
    if (this.#directHttp2?.(request) === true) return;
    const [raw, response] = nodeObjectsOf(request);
    this.app.routing(raw, response);
    hangMatch(request, matchOf(raw));
  }

  readonly #ended = () => {
    this.inFlight -= 1;
    if (this.#retiring && this.inFlight === 0) this.#stop();
  };

  async retire(graceMs: number): Promise<void> {
    this.#retiring = true;
    const timer = Number.isFinite(graceMs) ? setTimeout(this.#stop, graceMs) : undefined;
    if (this.inFlight === 0) this.#stop();
    await this.#closed;
    clearTimeout(timer);
  }
}
