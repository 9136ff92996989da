import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Gateway } from './lifecycle/gateway.js';

/** Options of {@link protogatePlugin}, beside Fastify's own `prefix`. */
export interface PluginOptions {
  /** Closed together with the host app. */
  readonly gateway: Gateway;
}

/**
 * Mounts a gateway in another Fastify app:
 *
 *     await app.register(protogatePlugin, { prefix: '/api', gateway });
 *
 * Requests below the prefix are handed to the gateway raw, after the host's `onRequest`, `preParsing`, `preValidation` and `preHandler` hooks, whose
 * reply headers are kept. The gateway answers by itself: the host's `preSerialization`, `onSend` and `onError` hooks, its error handler and its
 * body parsers do not apply; `onResponse` does.
 */
export const protogatePlugin: FastifyPluginAsync<PluginOptions> = async (app: FastifyInstance, { gateway }) => {
  const strip = prefixStripper(app.prefix);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onClose', () => gateway.close(0));
  app.all('/*', { schema: { hide: true } as object }, (request, reply) => {
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.hijack();
    request.raw.url = strip(request.raw.url ?? '/');
    gateway.handle(request.raw, reply.raw);
  });
};

/**
 * Takes the prefix off a request target, by how many segments it has: what the host's router takes for the prefix may have other letters, encodings
 * or, for parameters, any.
 *
 *     prefix: '/:tenant/api/'   '/acme/api/v1/books?x=1' -> '/v1/books?x=1'
 */
function prefixStripper(prefix: string): (target: string) => string {
  const segments = prefix.split('/').filter((segment) => segment !== '').length;
  const pattern = new RegExp(`^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)?(?:/+[^/?]+){${segments}}`);
  return function strip(target) {
    const rest = target.replace(pattern, '');
    return rest.startsWith('/') ? rest : `/${rest}`;
  };
}
