import { isDeepStrictEqual } from 'node:util';
import type { Case, Expected } from './cases.js';

/** Sends one request of a case and compares what the answer means. Rejects with what is wrong. */
export async function verify(url: string, { method, path, body, expected }: Case): Promise<void> {
  const sent = body === undefined ? { method } : { method, body, headers: { 'content-type': 'application/json' } };
  const response = await fetch(url + path, sent);
  const text = await response.text();
  const wanted = expected.kind === 'error' ? expected.status : 200;
  if (response.status !== wanted) throw new Error(`status ${response.status}, not ${wanted}: ${text.slice(0, 200)}`);
  if (!means(expected, text)) throw new Error(`another answer: ${text.slice(0, 200)}`);
}

function means(expected: Expected, text: string): boolean {
  if (expected.kind === 'items') {
    const items = itemsOf(text);
    return items.length === expected.count && items.every((item) => same(item, expected.value));
  }
  const value: unknown = JSON.parse(text);
  if (expected.kind === 'value') return same(value, expected.value);
  const { code, message } = value as { readonly code?: unknown; readonly message?: unknown };
  return code === expected.code && message === expected.message;
}

/** Items of a JSON array, or of lines; grpc-gateway wraps each in `result`. */
function itemsOf(text: string): unknown[] {
  if (text.startsWith('[')) return JSON.parse(text);
  const lines: Record<string, unknown>[] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return lines.map((item) => item.result ?? item);
}

/** Equal but for the order of keys, and for empty values that a gateway prints or does not. */
function same(actual: unknown, expected: object): boolean {
  return isDeepStrictEqual(withoutEmpty(actual), withoutEmpty(expected));
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, v]) => v !== undefined && v !== '' && !(Array.isArray(v) && v.length === 0));
  return Object.fromEntries(kept.map(([key, v]) => [key, withoutEmpty(v)]));
}
