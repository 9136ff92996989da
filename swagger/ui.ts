import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag, relativePath } from './conditional.js';
import { chooseCoding } from './content-coding.js';
import type { OpenApiVersion } from './dialect.js';
import { type Asset, etagOf, loadAssets } from './ui-assets.js';

/** Where the documentation is served. Paths begin with `/`; false = not served. */
export interface DocsPaths {
  /** Folder of the page, with a slash at its end. Default `/swagger-ui/`. Not served without `json`. */
  readonly ui?: string | false;
  /** Default `/openapi.json`. */
  readonly json?: string | false;
  /** Default `/openapi.yaml`. */
  readonly yaml?: string | false;
}

/** Where the documentation is served and what of. */
export interface DocsOptions extends DocsPaths {
  /** Title of the page, default `API`. */
  readonly title?: string;
  /** Origins besides our own that `Try it out` may send to: those of the document's servers. Default none. */
  readonly connectTo?: readonly string[];
  /** Text of the document. Bytes that were once returned are never changed: their tag is kept as long as they are. */
  readonly document: (version: OpenApiVersion, format: DocumentFormat) => Uint8Array | Promise<Uint8Array>;
}

/** How a document is written. */
export type DocumentFormat = 'json' | 'yaml';

/** A body with its entity tag. */
interface Tagged {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

/**
 * Swagger UI and the OpenAPI document as a Fastify plugin. Nothing in the page asks another host for anything; all links are relative, so that
 * it works under any prefix. Headers and hooks stay inside of the plugin. `?openapi=3.0` selects the version of a document.
 */
export const docsPlugin: FastifyPluginCallback<DocsOptions> = (app, options, done) => {
  const { ui = '/swagger-ui/', json = '/openapi.json', yaml = '/openapi.yaml' } = options;
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
  });
  if (json !== false) addDocument(app, json, 'json', options.document);
  if (yaml !== false) addDocument(app, yaml, 'yaml', options.document);
  if (json !== false && ui !== false) addPage(app, ui, json, options);
  done();
};

/** Every path that {@link docsPlugin} answers. */
export function docsPaths({ ui = '/swagger-ui/', json = '/openapi.json', yaml = '/openapi.yaml' }: DocsPaths): string[] {
  const documents = [json, yaml].filter((path) => path !== false);
  if (json === false || ui === false) return documents;
  const folder = ui.slice(0, -1);
  return [...documents, ...loadAssets('', '').map(({ name }) => `${ui}${name}`), ...(folder === '' ? [] : [folder])];
}

function addPage(app: FastifyInstance, ui: string, json: string, options: DocsOptions): void {
  const policy = contentSecurityPolicy(options.connectTo ?? []);
  for (const asset of loadAssets(options.title ?? 'API', relativePath(ui, json))) {
    addRoute(app, `${ui}${asset.name}`, (request, reply) => {
      reply.header('content-security-policy', policy).header('referrer-policy', 'no-referrer');
      return sendAsset(request, reply, asset);
    });
  }
  const folder = ui.slice(0, -1);
  if (folder === '') return;
  addRoute(app, folder, (_request, reply) => reply.redirect(`.${folder.slice(folder.lastIndexOf('/'))}/`, 308));
}

function addDocument(app: FastifyInstance, path: string, format: DocumentFormat, document: DocsOptions['document']): void {
  const etags = new WeakMap<Uint8Array, string>();
  addRoute(app, path, async (request, reply) => {
    const bytes = await document(requestedVersion(request), format);
    const etag = etags.get(bytes) ?? etagOf(bytes);
    etags.set(bytes, etag);
    return sendTagged(request, reply, { bytes, etag }, `application/${format}; charset=utf-8`, 'no-cache');
  });
}

function requestedVersion(request: FastifyRequest): OpenApiVersion {
  const { openapi } = request.query as { readonly openapi?: unknown };
  if (openapi === undefined || openapi === '3.1') return '3.1';
  if (openapi === '3.0') return '3.0';
  throw Object.assign(new Error('openapi must be 3.0 or 3.1'), { statusCode: 400 });
}

function addRoute(
  app: FastifyInstance,
  url: string,
  handler: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>,
): void {
  app.route({ method: 'GET', url, exposeHeadRoute: true, schema: { hide: true } as object, handler });
}

function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply | Promise<FastifyReply> {
  const coding = chooseCoding(request.headers['accept-encoding'], asset.codings);
  if (asset.codings.length > 0) reply.header('vary', 'accept-encoding');
  // Each form of a file has a strong tag of its own (RFC 9110 section 8.8.3.3).
  const etag = coding === undefined ? asset.etag : asset.etag.replace(/"$/, `-${coding}"`);
  // The page names its files by their version; the page itself is asked for again each time.
  const cache = asset.name === '' ? 'no-cache' : 'public, max-age=86400';
  const send = (bytes: Uint8Array) => {
    if (coding !== undefined) reply.header('content-encoding', coding);
    return sendTagged(request, reply, { bytes, etag }, asset.type, cache);
  };
  const bytes = asset.bytes(coding);
  return bytes instanceof Uint8Array ? send(bytes) : bytes.then(send);
}

function sendTagged(request: FastifyRequest, reply: FastifyReply, body: Tagged, type: string, cache: string): FastifyReply {
  reply.header('etag', body.etag).header('cache-control', cache);
  if (matchesEtag(request.headers['if-none-match'], body.etag)) return reply.code(304).send();
  return reply.type(type).send(body.bytes);
}

/**
 * Only files of ours; no inline script, no frame around the page, no form that leaves it. swagger-ui's style sheet and its icons bring pictures as
 * `data:` URLs.
 */
function contentSecurityPolicy(connectTo: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...connectTo].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
