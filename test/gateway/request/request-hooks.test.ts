import Fastify, { type FastifyInstance } from 'fastify';
import { test } from 'tap';
import { noteRequestHooks } from '../../../gateway/request/request-hooks.js';

const hook = async () => {};

/** Adds hooks to the app that registers it, as fastify-plugin has it. */
const shared = Object.assign(async (app: FastifyInstance) => void app.addHook('onSend', hook), { [Symbol.for('skip-override')]: true });
const encapsulated = async (app: FastifyInstance) => void app.addHook('onRequest', hook);

const cases: readonly (readonly [name: string, (app: FastifyInstance) => unknown, boolean])[] = [
  ['no hook', () => {}, false],
  ['a hook of requests', (app) => app.addHook('preHandler', hook), true],
  ['hooks of the app', (app) => app.addHook('onClose', hook).addHook('onRoute', () => {}), false],
  ['a hook of a plugin that shares the app', (app) => app.register(shared), true],
  ['a hook of an encapsulated plugin', (app) => app.register(encapsulated), false],
];

for (const [name, act, noted] of cases) {
  test(`${name}: ${noted ? 'noted' : 'of no concern'}`, async (t) => {
    const app = Fastify();
    const hasHooks = noteRequestHooks(app);
    await act(app);
    await app.ready();
    t.equal(hasHooks(), noted);
    await app.close();
  });
}
