import { performance } from 'node:perf_hooks';
import { ownError } from '../exchange/errors.js';
import type { Incoming, Outgoing } from '../exchange/exchange.js';
import { type Accepts, acceptBody, type Content } from '../transcode/content.js';
import { deadlineOf } from '../transcode/deadline.js';
import { fileNames } from '../transcode/file-names.js';
import type { Forwarded } from '../transcode/metadata.js';
import { type Multipart, readParts } from '../transcode/multipart.js';
import type { CallOptions, Metadata } from '../upstream/call.js';
import { callOf } from './call-log.js';
import { answerComplete, isComplete } from './event-stream.js';
import type { Route } from './route.js';
import { StreamAnswer } from './stream-answer.js';
import { UnaryAnswer } from './unary-answer.js';

/** Serves a request whose body was read; what goes wrong becomes its answer. */
export type Handler = (reply: Outgoing) => void;

/**
 * The way of a request, top to bottom. Its path was matched before Fastify routed it (`routing.ts`), its body read by `body.ts`; what it throws
 * becomes an answer in `asGatewayError`. The reply comes back as events of the call, to {@link UnaryAnswer} or {@link StreamAnswer}.
 */
export function createHandler(route: Route): Handler {
  const { method } = route.binding;
  if (method.clientStream) return refuseClientStream;
  const Answer = method.serverStream ? StreamAnswer : UnaryAnswer;

  return function handle(reply) {
    const { request } = reply;
    try {
      route.admit(request);
      const body = bodyOf(request, route.accepts);
      if (body === undefined || body instanceof Uint8Array || body.kind !== 'multipart') serve(request, reply, body);
      else serveParts(request, reply, body);
    } catch (e) {
      reply.send(e);
    }
  };

  function serveParts(request: Incoming, reply: Outgoing, body: Multipart): void {
    readParts(body, route.policy.maxParts, (error, parts) => {
      try {
        if (error !== undefined) throw error;
        serve(request, reply, parts);
      } catch (e) {
        reply.send(e);
      }
    });
  }

  function serve(request: Incoming, reply: Outgoing, body: Uint8Array | Content | undefined): void {
    // Its client has left meanwhile.
    if (reply.exchange.over) return;
    const { query } = request;
    const system = route.readSystemParameters(query);
    const form = route.chooseForm(request.headers.accept, system);
    if (isComplete(request, form)) {
      answerComplete(reply, form);
      return;
    }
    const message = route.compose(request.captures, system?.query ?? query, body);

    const options: CallOptions = {
      metadata: metadataOf(request, reply, system?.key, body),
      deadline: deadlineOf(route.deadlineMs, headerOf(request, 'grpc-timeout'), performance.now()),
    };

    const answer = new Answer(route, reply, form);
    answer.follow(route.invoker.unary(message, options, answer));
  }

  function metadataOf(request: Incoming, reply: Outgoing, key: string | undefined, body: Uint8Array | Content | undefined): Metadata {
    const metadata = route.readMetadata(headersOf(request, key), forwardedOf(request), (header) =>
      reply.log.info({ ...callOf(method.name, request), header }, 'a header that gRPC cannot carry is left out'),
    );
    if (!route.fileNames || body === undefined || body instanceof Uint8Array || body.kind !== 'parts') return metadata;
    return [...metadata, ...fileNames(body.parts)];
  }
}

function refuseClientStream(reply: Outgoing): void {
  reply.send(ownError(501, 'Client streaming is not served over plain HTTP.', { chosen: true }));
}

/** The body, if there is one: JSON text, or what else its media type says. An upload of no bytes still has a type. */
function bodyOf(request: Incoming, accepts: Accepts): Uint8Array | Content | Multipart | undefined {
  const { body, headers } = request;
  if (!(body instanceof Uint8Array)) return undefined;
  if (body.length === 0 && !(accepts.raw && headers['content-type'] !== undefined)) return undefined;
  return acceptBody(accepts, headers['content-type'], body);
}

function forwardedOf(request: Incoming): Forwarded {
  const hops = request.ips;
  return {
    for: hops === undefined ? request.ip : hops.toReversed().join(', '),
    host: request.host,
    proto: request.protocol,
  };
}

/** An API key in the query (`$key`) stands for a header. */
function headersOf({ rawHeaders }: Incoming, key: string | undefined): readonly string[] {
  return key === undefined ? rawHeaders : [...rawHeaders, 'x-goog-api-key', key];
}

function headerOf(request: Incoming, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
