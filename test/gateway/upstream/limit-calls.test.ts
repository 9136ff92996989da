import { test } from 'tap';
import type { Invoker } from '../../../gateway/upstream/call.js';
import { limitCalls } from '../../../gateway/upstream/limit-calls.js';
import { Recorder } from './contract/recorder.js';
import { NONE } from './contract/suite.js';

/** Starts a call of `bytes` (undefined: of a stream) where others are in progress; how it ended, undefined if it was let through. */
async function ended(load: number, requestBytes: number, bytes: number | undefined) {
  let through = false;
  const call = { send: () => true, halfClose() {}, pull() {}, cancel() {} };
  const begin = () => {
    through = true;
    return call;
  };
  const invoker: Invoker = limitCalls({ unary: begin, start: begin }, { load, requestBytes }, { inFlight: 3 });
  const r = new Recorder();
  const begun = bytes === undefined ? invoker.start(NONE, r) : invoker.unary(new Uint8Array(bytes), NONE, r);
  if (through) return undefined;
  begun.pull(1);
  begun.cancel('client');
  if (begun.send(new Uint8Array(1))) throw new Error('sent');
  begun.halfClose();
  if (r.ends > 0) throw new Error('told at once');
  return r.ended;
}

test('of more calls than may be in progress the next one ends at once, not processed', async (t) => {
  t.equal(await ended(2, 0, 1), undefined);
  t.equal(await ended(2, 0, undefined), undefined);
  const status = { code: 14, message: '3 calls are in progress, 3 may be', trailers: [], origin: 'local', processed: false };
  t.strictSame(await ended(3, 0, 1), status);
  t.strictSame(await ended(3, 0, undefined), status);
});

test('their requests have at most 256 MiB, but for one that is alone', async (t) => {
  const most = 256 * 2 ** 20;
  t.equal(await ended(1, most - 1, 1), undefined);
  t.match(await ended(1, most, 1), { code: 14, origin: 'local', processed: false });
  t.equal(await ended(0, most, 1), undefined);
});

test('what the end of a refused call throws is a warning of the process, no more', async (t) => {
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  const never = () => t.fail() as never;
  const refuse = limitCalls({ unary: never, start: never }, { load: 1, requestBytes: 0 }, { inFlight: 1 });
  const end = () => {
    throw new Error('boom');
  };
  refuse.unary(new Uint8Array(0), NONE, { headers() {}, message() {}, drain() {}, end });
  t.equal((await warned).message, 'boom');
});
