import type { Outgoing } from '../exchange/exchange.js';
import { callOptionsOf } from './call-options.js';
import { answerComplete, isComplete } from './event-stream.js';
import { openUpload } from './open-upload.js';
import type { Route } from './route.js';
import { StreamAnswer } from './stream-answer.js';
import { UnaryAnswer } from './unary-answer.js';
import { Upload } from './upload.js';

/**
 * Compiles the way of a request whose body is a stream of messages: the call begins with the head of the request, the messages go as they come, and
 * the answer need not wait for the last of them.
 */
export function createUploadHandler(route: Route): (reply: Outgoing) => void {
  const { binding, policy } = route;
  const Answer = binding.method.serverStream ? StreamAnswer : UnaryAnswer;
  const maxItems = policy.maxItems ?? Number.POSITIVE_INFINITY;

  return function handle(reply) {
    const { request } = reply;
    try {
      route.admit(request);
      const { query } = request;
      const system = route.readSystemParameters(query);
      const form = route.chooseForm(request.headers.accept, system);
      if (isComplete(request, form)) {
        answerComplete(reply, form);
        return;
      }
      const compose = route.composer.composeEach(request.captures, system?.query ?? query);
      const { source, messageOf } = openUpload(route, request, compose);
      const options = callOptionsOf(route, reply, system?.key);

      const answer = new Answer(route, reply, form);
      const call = route.invoker.start(options, answer);
      answer.follow(call, new Upload(call, source, messageOf, maxItems, answer));
    } catch (e) {
      reply.send(e);
    }
  };
}
