import type { Incoming, Outgoing } from '../exchange/exchange.js';
import { type Accepts, acceptBody, type Content } from '../transcode/content.js';
import { fileNames } from '../transcode/file-names.js';
import { type Multipart, readParts } from '../transcode/multipart.js';
import type { CallOptions } from '../upstream/call.js';
import { callOptionsOf } from './call-options.js';
import { answerComplete, isComplete } from './event-stream.js';
import type { Route } from './route.js';
import { StreamAnswer } from './stream-answer.js';
import { UnaryAnswer } from './unary-answer.js';
import { createUploadHandler } from './upload-handler.js';

/** Serves a request; what goes wrong becomes its answer. Its body was read, unless the method takes a stream. */
export type Handler = (reply: Outgoing) => void;

/**
 * The way of a request, top to bottom. Its path was matched before Fastify routed it (`routing.ts`), its body read by `body.ts`; what it throws
 * becomes an answer in `asGatewayError`. The reply comes back as events of the call, to {@link UnaryAnswer} or {@link StreamAnswer}.
 */
export function createHandler(route: Route): Handler {
  const { method } = route.binding;
  if (method.clientStream) return createUploadHandler(route);
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
    const message = route.composer.compose(request.captures, system?.query ?? query, body);
    const options = withFileNames(callOptionsOf(route, reply, system?.key), body);

    const answer = new Answer(route, reply, form);
    answer.follow(route.invoker.unary(message, options, answer));
  }

  function withFileNames(options: CallOptions, body: Uint8Array | Content | undefined): CallOptions {
    if (!route.fileNames || body === undefined || body instanceof Uint8Array || body.kind !== 'parts') return options;
    return { ...options, metadata: [...options.metadata, ...fileNames(body.parts)] };
  }
}

/** The body, if there is one: JSON text, or what else its media type says. An upload of no bytes still has a type. */
function bodyOf(request: Incoming, accepts: Accepts): Uint8Array | Content | Multipart | undefined {
  const { body, headers } = request;
  if (!(body instanceof Uint8Array)) return undefined;
  if (body.length === 0 && !(accepts.raw && headers['content-type'] !== undefined)) return undefined;
  return acceptBody(accepts, headers['content-type'], body);
}
