import { errorCodes } from 'fastify';
import { test } from 'tap';
import { fastifyError } from '../../../gateway/request/fastify-error.js';

for (const [code, httpStatus, message] of [
  ['FST_ERR_BAD_URL', 400, 'The path is not a valid URL path.'],
  ['FST_ERR_MAX_PARAM_LENGTH', 414, 'The path is too long.'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 413, 'The request body is too large.'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415, 'The media type of the request body is not supported.'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400, 'The request body is not as long as Content-Length says.'],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 400, 'The request is not valid.'],
] as const) {
  test(`${code} is told in a sentence of ours`, async (t) => {
    const error = fastifyError(new errorCodes[code]('10.0.0.7'));
    t.match(error, { httpStatus, message });
  });
}

test('an error of a plugin is none of Fastify, whatever its code', async (t) => {
  for (const code of ['FST_JWT_NO_AUTHORIZATION_IN_HEADER', 'FST_ERR_BAD_URL', 'constructor'])
    t.equal(fastifyError(Object.assign(new Error('x'), { statusCode: 400, code })), undefined, code);
});

test('nor is what is no error, nor what is no fault of a client', async (t) => {
  for (const thrown of [undefined, 'x', new Error('x'), new errorCodes.FST_ERR_CTP_INVALID_TYPE()])
    t.equal(fastifyError(thrown), undefined);
});
