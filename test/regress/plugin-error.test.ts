import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import { send } from '../support/http.js';

/** As @fastify/error makes them, of which the codes of many plugins are. */
const thrown = (statusCode: number, message: string) =>
  Object.assign(new Error(message), { name: 'FastifyError', statusCode, code: 'FST_JWT_NO_AUTHORIZATION_IN_HEADER' });

test('the 4xx of a plugin whose code begins with FST_ keeps its sentence', async (t) => {
  const { url } = await startDesk(
    t,
    {},
    {},
    {
      setup: (app) => {
        app.addHook('onRequest', async ({ query }) => {
          if (query !== null && typeof query === 'object' && 'early' in query) throw thrown(401, 'No Authorization was found.');
        });
        app.addHook('preHandler', async () => {
          throw thrown(400, 'The token is no token.');
        });
      },
    },
  );
  const early = await send(url, 'GET', '/v1/notes/1?early');
  t.match(early, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
  t.strictSame(JSON.parse(early.text), { code: 16, message: 'No Authorization was found.', details: [] });
  const late = await send(url, 'GET', '/v1/notes/1');
  t.match(late, { status: 400 });
  t.equal(JSON.parse(late.text).message, 'The token is no token.');
});

test('a schema of a route of somebody else says what is wrong with a request', async (t) => {
  const querystring = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
  const { url } = await startDesk(t, {}, {}, { setup: (app) => void app.get('/own', { schema: { querystring } }, async () => ({})) });
  const answer = await send(url, 'GET', '/own?n=x');
  t.equal(answer.status, 400);
  t.equal(JSON.parse(answer.text).message, 'querystring/n must be integer');
});
