import { METHODS } from 'node:http';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Binding } from '../../annotations/binding.js';
import type { Steps } from '../../proto/steps.js';
import { docsPlugin } from '../../swagger/ui.js';
import type { Api } from '../api/api.js';
import type { Documents } from '../api/documents.js';
import { documentPaths } from '../api/own-paths.js';
import type { Policy } from '../api/policy.js';
import { runInSlices } from '../api/slices.js';
import { type Config, metadataSettings, policyDefaults } from '../config/config.js';
import { asGatewayError } from '../exchange/as-error.js';
import { badRequest, type ErrorFormat, type GatewayError, ownError } from '../exchange/errors.js';
import type { Runtime } from '../runtime/runtime.js';
import { acceptBody, acceptsOf } from '../transcode/content.js';
import { answerError } from './answer-error.js';
import { createBodyReader } from './body.js';
import { createDirect, type Direct, type DirectRoute } from './direct.js';
import { fastifyError } from './fastify-error.js';
import { outgoingOf } from './fastify-way.js';
import { createHandler } from './handler.js';
import { createDirectHttp2, type DirectHttp2 } from './http2/direct.js';
import { type KnownPaths, noteKnownPaths } from './known-paths.js';
import { noteRequestHooks } from './request-hooks.js';
import type { Route } from './route.js';
import { createRewrite, handshakeOf, internalPath, MATCHED, matchedConstraint, matchOf, pathOf } from './routing.js';
import { serveTrailers } from './trailers.js';
import { createWebSocketHandler, isServedOverWebSocket, notServedOverWebSocket } from './web-socket/handler.js';

/** A user's own hooks and plugins: called for every generation, before its routes are registered. */
export type Setup = (app: FastifyInstance, runtime: Runtime) => Promise<void> | void;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Full name of the method that the route calls. */
    rpc?: string;
    /** Path template of the binding as its rule has it. */
    template?: string;
  }
}

/** What an app is built of. */
export interface AppParts {
  readonly api: Api;
  readonly documents: Documents;
  readonly config: Config;
  readonly runtime: Runtime;
  readonly setup: Setup | undefined;
  compileRoute(binding: Binding, policy: Policy): Route;
}

/** An app, and the way around it for requests that need nothing of it; undefined where any might. */
export interface App {
  readonly app: FastifyInstance;
  readonly direct: Direct | undefined;
  readonly directHttp2: DirectHttp2 | undefined;
}

/** One generation's Fastify app, ready and not listening: a real route for every binding, the documents and the health checks. */
export async function createApp(parts: AppParts): Promise<App> {
  const { api, documents, config, runtime, setup } = parts;
  const formatOf = (request: FastifyRequest): ErrorFormat => {
    const match = matchOf(request.raw);
    return (match.kind === 'hit' ? api.policies.of(match.binding.method) : api.policies.everywhere).errors;
  };
  const sendError = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) =>
    answerError(
      asGatewayError(fastifyError(thrown) ?? thrown),
      formatOf(request),
      request.routeOptions.config.rpc,
      outgoingOf(request, reply),
    );

  const app = Fastify({
    loggerInstance: runtime.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: policyDefaults.maxBody,
    trustProxy: config.trustProxy.length === 0 ? false : [...config.trustProxy],
    rewriteUrl: createRewrite(api.table, (binding) => takesForms(binding, api.policies.of(binding.method))),
    frameworkErrors: sendError,
    routerOptions: { constraints: { [MATCHED]: matchedConstraint }, maxParamLength: config.limits.headers },
  });
  allowMethods(app);
  const allowOf = noteKnownPaths(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', handOnStreams(createBodyReader(config.limits.bodyTimeoutMs)));
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply));
  app.setNotFoundHandler((request, reply) => sendError(unmatched(request, allowOf), request, reply));
  app.addHook('preParsing', (request, _reply, payload, done) => done(refusedUnread(request, api, allowOf) ?? null, payload));
  // Of no account to requests that are served directly: these take no trailers.
  if (metadataSettings(config).trailers) serveTrailers(app);
  const hasHooks = noteRequestHooks(app);

  const routes: DirectRoute[] = [];
  try {
    await setup?.(app, runtime);
    await runInSlices(routeSteps(app, parts, routes));
    addHealth(app, config, runtime);
    if (config.docs.enabled) {
      await app.register(docsPlugin, { ...documentPaths(config), document: (version, format) => documents.get(version, format) });
    }
    await app.ready();
  } catch (error) {
    // What a user's plugins have opened is closed.
    await app.close().catch(() => undefined);
    throw error;
  }
  const needsFastify = setup !== undefined || hasHooks() || config.trustProxy.length > 0;
  if (needsFastify) return { app, direct: undefined, directHttp2: undefined };
  const { bodyTimeoutMs } = config.limits;
  return {
    app,
    direct: createDirect(api.table, routes, runtime.log, bodyTimeoutMs),
    directHttp2: createDirectHttp2(api.table, routes, runtime.log, bodyTimeoutMs),
  };
}

const servedMethods = METHODS.filter((method) => method !== 'CONNECT');

/** Every method that a custom rule may name; a body is read with all of them, so that one that must be empty can be refused. */
function allowMethods(app: FastifyInstance): void {
  for (const method of servedMethods) {
    if (method !== 'OPTIONS') app.addHttpMethod(method, { hasBody: true, overrideExisting: true });
  }
}

/** Compiles and registers every binding's route, and puts those that have a direct way into `direct`, by the id of the binding. */
function* routeSteps(app: FastifyInstance, parts: AppParts, direct: DirectRoute[]): Steps<void> {
  for (const binding of parts.api.table.bindings) {
    const policy = parts.api.policies.of(binding.method);
    const route = createRoute(parts, binding, policy);
    addRoute(app, binding, policy, route);
    direct[binding.id] = route;
    yield;
  }
}

/** What the direct way and Fastify's have in common. */
function createRoute({ compileRoute }: AppParts, binding: Binding, policy: Policy): DirectRoute {
  const route = compileRoute(binding, policy);
  const [serve, serveWebSocket] = [createHandler(route), createWebSocketHandler(route)];
  return {
    handler: (reply) => (reply.request.handshake === undefined ? serve : serveWebSocket)(reply),
    rpc: binding.method.name,
    errors: policy.errors,
    maxBody: policy.maxBody,
    streamed: binding.method.clientStream,
  };
}

function addRoute(app: FastifyInstance, binding: Binding, policy: Policy, { handler, rpc, maxBody }: DirectRoute): void {
  app.route({
    method: methodsOf(binding, policy),
    url: internalPath(binding.method.path, binding.id),
    constraints: { [MATCHED]: true },
    bodyLimit: maxBody,
    config: { rpc, template: binding.template.text },
    handler: (request, reply) => handler(outgoingOf(request, reply)),
  });
}

function methodsOf(binding: Binding, policy: Policy): string | string[] {
  if (binding.httpMethod === '*') return servedMethods;
  if (takesForms(binding, policy)) return ['GET', 'POST'];
  // A handshake is a GET, whatever the rule says.
  return isServedOverWebSocket(binding, policy) && binding.httpMethod !== 'GET' ? ['GET', binding.httpMethod] : binding.httpMethod;
}

/** Whether a POST of a form reaches a GET binding, where its path has no POST of its own. */
function takesForms({ httpMethod, body }: Binding, { extraBody }: Policy): boolean {
  return httpMethod === 'GET' && body === 'none' && extraBody === 'form';
}

/** The body of a client stream is not read before its handler takes it. */
function handOnStreams(read: ReturnType<typeof createBodyReader>): typeof read {
  return function readOrHandOn(request, payload, done) {
    const match = matchOf(request.raw);
    if (match.kind === 'hit' && match.binding.method.clientStream) done(null, payload);
    else read(request, payload, done);
  };
}

/** Of what begins like this, most types are taken. */
const LIKE_JSON = Buffer.from('{');

/** Why a body is not read at all: there is no route for it; or its client asks first (`Expect`), and its type is one that the route never takes. */
function refusedUnread(request: FastifyRequest, { policies }: Api, allowOf: KnownPaths): Error | undefined {
  if (request.is404) return unmatched(request, allowOf);
  const match = matchOf(request.raw);
  // The handler of a client stream takes its body when nothing else is wrong.
  if (request.headers.expect === undefined || match.kind !== 'hit' || match.binding.method.clientStream) return undefined;
  try {
    acceptBody(acceptsOf(match.binding, policies.of(match.binding.method)), request.headers['content-type'], LIKE_JSON);
    return undefined;
  } catch (e) {
    return e as Error;
  }
}

/** Why no route was found, as the table knows it. */
function unmatched(request: FastifyRequest, allowOf: KnownPaths): GatewayError {
  const match = matchOf(request.raw);
  if (match.kind === 'bad') return badRequest('', match.reason);
  if (handshakeOf(request.raw) !== undefined) {
    if (match.kind === 'hit') return notServedOverWebSocket();
    if (match.kind === 'method') return badRequest('$method', `has to say which rule is meant, by its HTTP method: ${match.allow}`);
  }
  const allow = match.kind === 'method' ? match.allow : allowOf(pathOf(request.raw));
  if (allow !== undefined) return ownError(405, 'This path does not allow the HTTP method.', { headers: { allow } });
  return ownError(404, 'Not found.');
}

/** Liveness: the process answers. Readiness: requests can be served. */
function addHealth(app: FastifyInstance, config: Config, runtime: Runtime): void {
  const answer = (serving: boolean, reply: FastifyReply) =>
    reply
      .code(serving ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: serving ? 'SERVING' : 'NOT_SERVING' });
  if (config.health.live !== false) app.get(config.health.live, (_request, reply) => answer(true, reply));
  if (config.health.ready !== false) app.get(config.health.ready, (_request, reply) => answer(runtime.ready(), reply));
}
