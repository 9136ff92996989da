import { Refusal } from '../exchange/refusal.js';

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000001 };

/**
 * A `grpc-timeout` value in ms: at most 8 digits and a unit, https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md.
 *
 *     1500m -> 1500      2S -> 2000
 */
export function parseTimeout(text: string): number {
  const unit = unitMs[text.at(-1) ?? ''];
  if (unit === undefined || !/^\d{1,8}.$/.test(text)) {
    throw new Refusal('header', 'grpc-timeout', 'must be 1 to 8 digits and one of the units H M S m u n');
  }
  return Number(text.slice(0, -1)) * unit;
}

/** Whether the client's wish is sooner than the route's limit. */
export function isClientsDeadline(limitMs: number, timeout: string | undefined): boolean {
  return timeout !== undefined && parseTimeout(timeout) < limitMs;
}

/** When a call ends, on the clock of `performance.now()`: the sooner of the route's limit and the client's wish; Infinity = never. */
export function deadlineOf(limitMs: number, timeout: string | undefined, now: number): number {
  return now + (timeout === undefined ? limitMs : Math.min(limitMs, parseTimeout(timeout)));
}
