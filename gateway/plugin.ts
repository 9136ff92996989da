import type { IncomingMessage } from 'node:http';
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
  const { prefix } = app;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onClose', () => gateway.close(0));
  app.all('/*', { schema: { hide: true } as object }, (request, reply) => {
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.hijack();
    stripPrefix(request.raw, prefix);
    gateway.handle(request.raw, reply.raw);
  });
};

function stripPrefix(raw: IncomingMessage, prefix: string): void {
  const url = raw.url ?? '/';
  raw.url = url.startsWith(prefix) ? url.slice(prefix.length) || '/' : url;
}
