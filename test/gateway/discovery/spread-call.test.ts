import t from 'tap';
import type { Server } from '../../../gateway/discovery/server.js';
import { SpreadCall } from '../../../gateway/discovery/spread-call.js';
import type { Call, CallEvents, Invoker } from '../../../gateway/upstream/call.js';
import { localStatus } from '../../../gateway/upstream/local-status.js';
import { Recorder } from '../upstream/contract/recorder.js';
import { NONE } from '../upstream/contract/suite.js';

/** A server whose calls are in the hands of a test. */
class Held implements Invoker, Call {
  readonly sent: string[] = [];
  events: CallEvents | undefined;
  constructor(public takesMore: boolean) {}

  unary(): Call {
    return this;
  }
  start(_options: unknown, events: CallEvents): Call {
    this.events = events;
    return this;
  }
  send(b: Uint8Array): boolean {
    this.sent.push(Buffer.from(b).toString());
    return this.takesMore;
  }
  halfClose(): void {}
  pull(): void {}
  cancel(): void {}
}

/** A call that begins at the first of some servers. */
function begin(...held: readonly Held[]) {
  const servers = held.map(() => ({}) as Server);
  const [first] = servers;
  if (first === undefined) throw new Error('no server');
  const told = { drains: 0 };
  const events = Object.assign(new Recorder(), {
    drain() {
      told.drains += 1;
    },
  });
  const spread = {
    choose: (tried: readonly Server[]) => servers.find((server) => !tried.includes(server)),
    invoker: (server: Server) => held[servers.indexOf(server)] ?? new Held(true),
    began() {},
    ended() {},
  };
  return { call: new SpreadCall(spread, first, NONE, events, undefined), told };
}

const unprocessed = localStatus(14, 'refused', false);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

t.test('who waits to send more may, when another server takes it', async (t) => {
  const [first, second] = [new Held(false), new Held(true)];
  const { call, told } = begin(first, second);
  t.equal(call.send(Buffer.from('a')), false);
  first.events?.end(unprocessed);
  await nextTurn();
  t.same(second.sent, ['a']);
  t.equal(told.drains, 1);
});

t.test('who waits goes on waiting while the other server takes no more, either', async (t) => {
  const [first, second] = [new Held(false), new Held(false)];
  const { call, told } = begin(first, second);
  call.send(Buffer.from('a'));
  first.events?.end(unprocessed);
  await nextTurn();
  t.equal(told.drains, 0);
  second.events?.drain();
  t.equal(told.drains, 1);
});

t.test('nothing is told behind the end', async (t) => {
  const [first, second] = [new Held(false), new Held(true)];
  const { call, told } = begin(first, second);
  call.send(Buffer.from('a'));
  first.events?.end(unprocessed);
  second.events?.end(unprocessed);
  await nextTurn();
  t.equal(told.drains, 0);
});

t.test('who does not wait hears of nothing', async (t) => {
  const [first, second] = [new Held(true), new Held(true)];
  const { call, told } = begin(first, second);
  t.equal(call.send(Buffer.from('a')), true);
  first.events?.end(unprocessed);
  await nextTurn();
  t.same([second.sent, told.drains], [['a'], 0]);
});
