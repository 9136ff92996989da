import { test } from 'tap';
import { asGatewayError } from '../../../gateway/exchange/as-error.js';
import { callError } from '../../../gateway/exchange/call-error.js';
import { badRequest, GatewayError, ownError } from '../../../gateway/exchange/errors.js';
import { printError, printProblemDetails } from '../../../gateway/exchange/print-error.js';
import { Refusal } from '../../../gateway/exchange/refusal.js';
import type { Status } from '../../../gateway/upstream/call.js';
import { JsonError, WireError } from '../../../proto/json/codec.js';
import { WireFormatError } from '../../../proto/wire/reader.js';

const status = (code: number, origin: Status['origin'] = 'upstream'): Status => ({
  code,
  message: '10.0.0.7:50051 says no',
  trailers: [],
  origin,
  processed: true,
});

/** google/rpc/code.proto: "HTTP Mapping" of each code. */
const httpStatus = [500, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

for (const [code, expected] of httpStatus.entries()) {
  if (code === 0) continue;
  test(`code ${code} of an upstream is HTTP ${expected}, with its message`, async (t) => {
    const error = callError(status(code), []);
    t.equal(error.httpStatus, expected);
    t.equal(error.code, code);
    t.equal(error.message, '10.0.0.7:50051 says no');
  });
}

test('a code that google.rpc.Code does not have is UNKNOWN', async (t) => {
  t.match(callError(status(17), []), { httpStatus: 500, code: 2 });
});

test('401 says how to authenticate (RFC 9110 section 11.6.1), whoever says it', async (t) => {
  t.strictSame(callError(status(16), []).headers, { 'www-authenticate': 'Bearer' });
  t.strictSame(ownError(401, 'Who are you?').headers, { 'www-authenticate': 'Bearer' });
  t.strictSame(ownError(401, 'Who?', { headers: { 'www-authenticate': 'Basic' } }).headers, { 'www-authenticate': 'Basic' });
});

const retryInfo = (delay: string) => `{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"${delay}"}`;

for (const [code, delay, headers] of [
  [14, '2s', { 'retry-after': '2' }],
  [8, '0.100s', { 'retry-after': '1' }],
  [14, '0s', { 'retry-after': '0' }],
  [14, '-1s', {}],
  [10, '2s', {}],
] as const) {
  test(`code ${code} with a RetryInfo of ${delay} has ${'retry-after' in headers ? 'a' : 'no'} Retry-After`, async (t) => {
    t.strictSame(callError(status(code), ['{"@type":"a/b.C"}', retryInfo(delay)]).headers, headers);
  });
}

for (const [code, http, body, message] of [
  [1, 503, 14, 'The call was cut off.'],
  [4, 504, 4, 'The upstream did not answer in time.'],
  [8, 500, 13, 'The reply of the upstream is too large.'],
  [14, 503, 14, 'The upstream is unavailable.'],
  [13, 500, 13, 'The call to the upstream failed.'],
  [2, 500, 13, 'The call to the upstream failed.'],
] as const) {
  test(`a local failure ${code} is HTTP ${http} and does not tell its text`, async (t) => {
    const error = callError(status(code, 'local'), []);
    t.equal(error.httpStatus, http);
    t.equal(error.code, body);
    t.equal(error.message, message);
    t.equal(error.cause, '10.0.0.7:50051 says no');
  });
}

test('metadata that was not sent, because the server takes no more, is HTTP 431', async (t) => {
  const error = callError({ ...status(8, 'local'), processed: false }, []);
  t.equal(error.httpStatus, 431);
  t.equal(error.message, 'The headers are larger than the upstream takes.');
});

for (const [http, code] of [
  [400, 3],
  [401, 16],
  [404, 5],
  [405, 12],
  [406, 3],
  [408, 4],
  [413, 8],
  [415, 3],
  [429, 8],
  [431, 3],
  [503, 14],
] as const) {
  test(`the gateway's own ${http} has code ${code}`, async (t) => t.equal(ownError(http, 'x').code, code));
}

test('a value that does not fit is 400 with a field violation', async (t) => {
  const error = asGatewayError(new JsonError('book.pages', 'expected an integer'));
  t.equal(error.httpStatus, 400);
  t.equal(
    printError(error, 'status'),
    '{"code":3,"message":"book.pages: expected an integer","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"book.pages","description":"expected an integer"}]}]}',
  );
});

const secret = '/srv/app/node_modules/x.js at 10.0.0.7';
const mapped: readonly { name: string; thrown: unknown; httpStatus: number; message: string }[] = [
  {
    name: 'a refused header is 400',
    thrown: new Refusal('header', 'x-bin', 'must be base64'),
    httpStatus: 400,
    message: 'x-bin: must be base64',
  },
  { name: 'a refused media type is 415', thrown: new Refusal('mediaType', '', 'Not that.'), httpStatus: 415, message: 'Not that.' },
  {
    name: 'a reply in no form that would do is 406',
    thrown: new Refusal('notAcceptable', '', 'Only JSON.'),
    httpStatus: 406,
    message: 'Only JSON.',
  },
  {
    name: 'a reply that is no message is 500',
    thrown: new WireFormatError(secret),
    httpStatus: 500,
    message: 'The upstream sent an invalid reply.',
  },
  { name: 'an invalid reply is 500', thrown: new WireError(secret), httpStatus: 500, message: 'The upstream sent an invalid reply.' },
  { name: 'an unforeseen error is 500', thrown: new TypeError(secret), httpStatus: 500, message: 'Internal error.' },
  { name: 'a thrown non-error is 500', thrown: secret, httpStatus: 500, message: 'Internal error.' },
  {
    name: 'a 4xx of a plugin keeps its sentence',
    thrown: Object.assign(new Error('Rate limit exceeded.'), { statusCode: 429 }),
    httpStatus: 429,
    message: 'Rate limit exceeded.',
  },
  {
    name: 'a 5xx of a plugin does not',
    thrown: Object.assign(new Error(secret), { statusCode: 502 }),
    httpStatus: 502,
    message: 'Internal error.',
  },
  {
    name: 'also where its code begins as those of Fastify do',
    thrown: Object.assign(new Error('No Authorization was found in request.headers'), {
      statusCode: 401,
      code: 'FST_JWT_NO_AUTHORIZATION_IN_HEADER',
    }),
    httpStatus: 401,
    message: 'No Authorization was found in request.headers',
  },
];

for (const { name, thrown, httpStatus, message } of mapped) {
  test(name, async (t) => {
    const error = asGatewayError(thrown);
    t.equal(error.httpStatus, httpStatus);
    t.equal(error.message, message);
    t.notMatch(printError(error, 'status'), /10\.0\.0\.7/);
  });
}

test('an error that is ours already stays', async (t) => {
  const error = new GatewayError(418, 9, 'x');
  t.equal(asGatewayError(error), error);
});

test('the google form wraps the error and names the status (AIP-193)', async (t) => {
  t.equal(
    printError(ownError(404, 'Not found.'), 'google'),
    '{"error":{"code":404,"message":"Not found.","status":"NOT_FOUND","details":[]}}',
  );
  t.match(JSON.parse(printError(badRequest('', 'bad'), 'google')), {
    error: { code: 400, message: 'bad', status: 'INVALID_ARGUMENT', details: [{}] },
  });
});

for (const [status, title] of [
  [404, 'Not Found'],
  [499, 'Client Closed Request'],
  [599, 'Error'],
] as const) {
  test(`problem details of ${status} have the title of the status (RFC 9457 section 4.2.1)`, async (t) => {
    t.strictSame(JSON.parse(printProblemDetails(new GatewayError(status, 5, 'a "b"', { details: ['{"@type":"a/b.C"}'] }))), {
      type: 'about:blank',
      title,
      status,
      detail: 'a "b"',
      code: 5,
      details: [{ '@type': 'a/b.C' }],
    });
  });
}

test('an answer that is an error has no stack, and leaves those of other errors alone', async (t) => {
  const { stackTraceLimit } = Error;
  t.notMatch(ownError(404, 'Not found.').stack, /\n +at /);
  t.equal(Error.stackTraceLimit, stackTraceLimit);
  t.match(new Error('fault').stack, /\n +at /);
});
