import { test } from 'tap';
import type { Status } from '../../../gateway/upstream/call.js';
import { LaneCall } from '../../../gateway/upstream/lane-call.js';
import { localStatus } from '../../../gateway/upstream/local-status.js';

/** A call that only ends. */
class Ending extends LaneCall {
  send(): boolean {
    return false;
  }
  halfClose(): void {}
  protected stop(): void {}
  protected more(): void {}

  /** The status that the caller hears when the lane hears `s`. */
  static hears(s: Status, deadline: number): Status | undefined {
    let heard: Status | undefined;
    const events = { headers() {}, message() {}, drain() {}, end: (s: Status) => (heard = s) };
    new Ending({ watch() {}, ended() {} }, events, deadline, false).concluded(s);
    return heard;
  }
}

const reset = localStatus(1, 'the server reset the call', true);

test('a stream that the server cancels once the deadline has passed has met its deadline', (t) => {
  t.match(Ending.hears(reset, performance.now()), { code: 4, origin: 'local', processed: true });
  t.equal(Ending.hears(reset, performance.now() + 60_000), reset);
  t.equal(Ending.hears(reset, Number.POSITIVE_INFINITY), reset);
  t.end();
});

test('CANCELLED that the server says is what it says, at any time', (t) => {
  const said: Status = { ...reset, origin: 'upstream' };
  t.equal(Ending.hears(said, performance.now()), said);
  t.end();
});
