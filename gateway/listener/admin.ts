import { collectDefaultMetrics } from '@prometheus-io/client';
import Fastify, { type FastifyInstance } from 'fastify';
import { printProblem } from '../../proto/problem.js';
import type { Gateway } from '../lifecycle/gateway.js';
import { noteKnownPaths } from '../request/known-paths.js';
import { pathOf } from '../request/routing.js';
import { isKnownHost } from './asked-host.js';

/**
 * What operators and their tools ask of a gateway, apart from the API and its clients:
 *
 *     GET  /-/ready     what serves and how the last reload went; 503 when requests cannot be served
 *     POST /-/reload    reloads, and answers when that is done: 200, or 422 with what is wrong
 *     GET  /metrics     numbers for Prometheus
 *
 * There is no authentication: it is for an address that only they can reach.
 */
export function createAdmin(gateway: Gateway): FastifyInstance {
  // At the end, connections that ask nothing are not waited for.
  const app = Fastify({ bodyLimit: 1024, requestTimeout: 60_000, forceCloseConnections: true });
  const allowOf = noteKnownPaths(app);
  const { metrics } = gateway.runtime;
  collectDefaultMetrics({ register: metrics });
  // The observer of garbage collections holds the registry for ever, and that the gateway.
  app.addHook('onClose', async () => metrics.clear());
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    if (!isKnownHost(request.headers.host, gateway.config.admin?.hosts ?? []))
      return reply.code(421).send({ error: 'asked for by a name that is not known: put it on admin.hosts' });
    // A page that somebody visits must not be able to do or read anything here.
    if (request.headers.origin !== undefined) return reply.code(403).send({ error: 'not for web pages' });
    return undefined;
  });
  app.setNotFoundHandler((request, reply) => {
    const allow = allowOf(pathOf(request.raw));
    return allow === undefined
      ? reply.code(404).send({ error: 'not found; there are /-/ready, /-/reload and /metrics' })
      : reply
          .code(405)
          .header('allow', allow)
          .send({ error: `use ${allow}` });
  });
  app.get('/-/ready', (_request, reply) => {
    const status = gateway.status();
    return reply.code(status.status === 'SERVING' ? 200 : 503).send(status);
  });
  app.post('/-/reload', async (_request, reply) => {
    const reloaded = await gateway.reload('POST /-/reload');
    if (!reloaded.ok) return reply.code(422).send({ problems: reloaded.problems.map(printProblem) });
    const { id, routes } = gateway.status().generation;
    return { generation: id, routes, warnings: reloaded.warnings.map(printProblem) };
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
  return app;
}
