import { test } from 'tap';
import { Refusal } from '../../../gateway/exchange/refusal.js';
import { deadlineOf, parseTimeout } from '../../../gateway/transcode/deadline.js';

for (const [text, ms] of [
  ['1H', 3_600_000],
  ['2M', 120_000],
  ['3S', 3000],
  ['1500m', 1500],
  ['2500u', 2.5],
  ['99999999S', 99_999_999_000],
] as const) {
  test(`grpc-timeout ${text} is ${ms} ms`, async (t) => t.equal(parseTimeout(text), ms));
}

for (const text of ['', '5', 'S', '-1S', '1.5S', '123456789S', '1s', '1 S', '٣S']) {
  test(`grpc-timeout ${JSON.stringify(text)} is refused`, async (t) => {
    t.throws(() => parseTimeout(text), new Refusal('header', 'grpc-timeout', 'must be 1 to 8 digits and one of the units H M S m u n'));
  });
}

test('the deadline is the sooner of the route and the client', async (t) => {
  t.equal(deadlineOf(60_000, undefined, 1000), 61_000);
  t.equal(deadlineOf(60_000, '2S', 1000), 3000);
  t.equal(deadlineOf(60_000, '2H', 1000), 61_000);
  t.equal(deadlineOf(Number.POSITIVE_INFINITY, undefined, 1000), Number.POSITIVE_INFINITY);
  t.equal(deadlineOf(Number.POSITIVE_INFINITY, '1S', 1000), 2000);
});
