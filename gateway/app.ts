import { METHODS } from 'node:http';
import Fastify, {
  errorCodes,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Binding } from '../annotations/binding.js';
import type { Steps } from '../proto/steps.js';
import { docsPlugin } from '../swagger/ui.js';
import type { Api } from './api.js';
import { createBodyReader } from './body.js';
import { type Config, metadataSettings, policyDefaults } from './config.js';
import type { Documents } from './documents.js';
import { asGatewayError, badRequest, type ErrorFormat, type GatewayError, ownError, printError, printProblemDetails } from './errors.js';
import { createHandler } from './handler.js';
import { type KnownPaths, noteKnownPaths } from './known-paths.js';
import { documentPaths } from './own-paths.js';
import type { Policy } from './policy.js';
import type { Route } from './route.js';
import { createRewrite, internalPath, MATCHED, matchedConstraint, matchOf, pathOf } from './routing.js';
import type { Runtime } from './runtime.js';
import { runInSlices } from './slices.js';
import { serveTrailers } from './trailers.js';
import { acceptsOf, refuseType } from './transcode/content.js';
import { PROBLEM_JSON, prefersProblem } from './transcode/negotiate.js';
import type { Refusal } from './transcode/refusal.js';
import { varyByAccept } from './vary.js';

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

/** One generation's Fastify app, ready and not listening: a real route for every binding, the documents and the health checks. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const { api, documents, config, runtime, setup } = parts;
  const formatOf = (request: FastifyRequest): ErrorFormat => {
    const match = matchOf(request.raw);
    return match.kind === 'hit' ? api.policies.of(match.binding.method).errors : policyDefaults.errors;
  };
  const sendError = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) =>
    answerError(asGatewayError(refusedType(thrown, request, api) ?? thrown), formatOf(request), request, reply);

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
  app.addContentTypeParser('*', createBodyReader(config.limits.bodyTimeoutMs));
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply));
  app.setNotFoundHandler((request, reply) => sendError(unmatched(request, allowOf), request, reply));
  app.addHook('onResponse', logRequest);
  if (metadataSettings(config).trailers) serveTrailers(app);

  await setup?.(app, runtime);
  await runInSlices(routeSteps(app, parts));
  addHealth(app, config, runtime);
  if (config.docs.enabled) {
    await app.register(docsPlugin, { ...documentPaths(config), document: (version, format) => documents.get(version, format) });
  }
  await app.ready();
  return app;
}

const servedMethods = METHODS.filter((method) => method !== 'CONNECT');

/** Every method that a custom rule may name; a body is read with all of them, so that one that must be empty can be refused. */
function allowMethods(app: FastifyInstance): void {
  for (const method of servedMethods) {
    if (method !== 'OPTIONS') app.addHttpMethod(method, { hasBody: true, overrideExisting: true });
  }
}

function* routeSteps(app: FastifyInstance, parts: AppParts): Steps<void> {
  for (const binding of parts.api.table.bindings) {
    addRoute(app, parts, binding);
    yield;
  }
}

function addRoute(app: FastifyInstance, { api, compileRoute }: AppParts, binding: Binding): void {
  const policy = api.policies.of(binding.method);
  app.route({
    method: methodsOf(binding, policy),
    url: internalPath(binding.method.path, binding.id),
    constraints: { [MATCHED]: true },
    bodyLimit: policy.maxBody,
    config: { rpc: binding.method.name, template: binding.template.text },
    handler: createHandler(compileRoute(binding, policy)),
  });
}

function methodsOf(binding: Binding, policy: Policy): string | string[] {
  if (binding.httpMethod === '*') return servedMethods;
  return takesForms(binding, policy) ? ['GET', 'POST'] : binding.httpMethod;
}

/** Whether a POST of a form reaches a GET binding, where its path has no POST of its own. */
function takesForms({ httpMethod, body }: Binding, { extraBody }: Policy): boolean {
  return httpMethod === 'GET' && body === 'none' && extraBody === 'form';
}

/** Fastify refuses a `Content-Type` that is malformed without knowing what the route takes. */
function refusedType(thrown: unknown, { raw }: FastifyRequest, { policies }: Api): Refusal | undefined {
  const match = matchOf(raw);
  if (match.kind !== 'hit' || !(thrown instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE)) return undefined;
  return refuseType(acceptsOf(match.binding, policies.of(match.binding.method)));
}

/** Why no route was found, as the table knows it. */
function unmatched(request: FastifyRequest, allowOf: KnownPaths): GatewayError {
  const match = matchOf(request.raw);
  if (match.kind === 'bad') return badRequest('', match.reason);
  const allow = match.kind === 'method' ? match.allow : allowOf(pathOf(request.raw));
  if (allow !== undefined) return ownError(405, 'This path does not allow the HTTP method.', { headers: { allow } });
  return ownError(404, 'Not found.');
}

function answerError(error: GatewayError, format: ErrorFormat, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error.httpStatus >= 500) {
    const { rpc } = request.routeOptions.config;
    request.log.warn(error.cause === undefined ? { rpc } : { rpc, err: error.cause }, error.message);
  }
  for (const [name, value] of Object.entries(error.headers)) {
    if (!reply.hasHeader(name)) reply.header(name, value);
  }
  varyByAccept(reply);
  const asProblem = prefersProblem(request.headers.accept);
  const body = asProblem ? printProblemDetails(error) : printError(error, error.format ?? format);
  return reply
    .code(error.httpStatus)
    .type(asProblem ? PROBLEM_JSON : 'application/json')
    .send(Buffer.from(body));
}

/** Levels at which nothing is said of a request that went well. */
const quietLevels: ReadonlySet<string> = new Set(['info', 'warn', 'error', 'fatal', 'silent']);

function logRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (quietLevels.has(request.log.level)) {
    done();
    return;
  }
  const { rpc, template } = request.routeOptions.config;
  request.log.debug(
    {
      method: request.method,
      url: request.originalUrl,
      template,
      rpc,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 1000) / 1000,
    },
    'request',
  );
  done();
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
