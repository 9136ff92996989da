import type { FastifyInstance } from 'fastify';

/** Hooks that take part in a request, https://fastify.dev/docs/latest/Reference/Hooks/ */
const requestHooks: ReadonlySet<string> = new Set([
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
  'preSerialization',
  'onSend',
  'onResponse',
  'onTimeout',
  'onError',
  'onRequestAbort',
]);

/** Answers whether the app was given hooks of requests from now on; those of encapsulated plugins take no part in requests of its own routes. */
export function noteRequestHooks(app: FastifyInstance): () => boolean {
  const { addHook } = app;
  let any = false;
  const addNotedHook = function (this: FastifyInstance, ...hook: Parameters<typeof addHook>) {
    if (this === app && requestHooks.has(hook[0])) any = true;
    return Reflect.apply(addHook, this, hook);
  };
  Object.assign(app, { addHook: addNotedHook });
  return () => any;
}
