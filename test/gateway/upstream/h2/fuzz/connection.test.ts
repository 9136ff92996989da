import t from 'tap';
import { DEFAULT_WINDOW, Flag, Frame, Setting } from '../../../../../gateway/upstream/h2/protocol.js';
import { mutate, Random } from '../../../../proto/json/fuzz-input.js';
import { reachableBytes } from '../../../../support/memory.js';
import { framed } from '../../contract/raw.js';
import { turns } from '../../contract/recorder.js';
import { block, frame, HEAD, headers, setting, uint32 } from '../peer.js';
import { FuzzClient } from './client.js';
import { ModelServer, type ServerStream } from './model-server.js';

/** Connections a campaign; other seeds by the environment, too. */
const inputs = Number(process.env.PROTOGATE_H2_FUZZ_INPUTS ?? 0) || 2000;
const seed = Number(process.env.PROTOGATE_FUZZ_SEED ?? 20_261_121);
/** What a thousand connections may leave behind, bytes. */
const KEPT = 4 * 1024 * 1024;

t.setTimeout(inputs * 60 + 60_000);

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));

const TRAILERS: readonly (readonly [string, string])[] = [['grpc-status', '0']];

/** One connection: both ends, and the messages that the server has sent. */
class Session {
  readonly client = new FuzzClient();
  readonly server = new ModelServer();
  readonly replies = new Map<number, Buffer[]>();

  constructor(readonly random: Random) {}

  /** Delivers and lets everything that follows happen. */
  async deliver(...frames: readonly Buffer[]): Promise<void> {
    this.client.receive(this.random, Buffer.concat(frames));
    await this.settle();
  }

  async settle(): Promise<void> {
    await turns(2);
    this.server.hear(this.client.wire.taken());
    if (this.server.counts) this.checkHeldBack();
  }

  /** What nobody has pulled, and what may still come, is no more than a window. */
  checkHeldBack(): void {
    const streams = [...this.server.streams.values()];
    for (const [i, { recorder, pulled }] of this.client.calls.entries()) {
      const s = streams[i];
      if (s === undefined || s.over || recorder.messages.length < pulled) continue;
      const taken = recorder.messages.reduce((sum, message) => sum + framed(message).length, 0);
      check(s.sent - taken + s.sendWindow <= DEFAULT_WINDOW, `${s.sent - taken} octets were not pulled, ${s.sendWindow} may follow`);
    }
  }

  /** A reply message, of any size and to be sent in any pieces. */
  reply(s: ServerStream): Buffer[] {
    const message = Buffer.alloc(this.random.pick([0, 1, 10, 1000, 30_000, 90_000]), this.random.below(256));
    this.replies.set(s.id, [...(this.replies.get(s.id) ?? []), message]);
    s.out = Buffer.concat([s.out, framed(message)]);
    return this.head(s);
  }

  head(s: ServerStream): Buffer[] {
    if (s.headSent) return [];
    s.headSent = true;
    return [headers(s.id, HEAD)];
  }

  /** What a good server might send now. */
  good(): Buffer[] {
    const { random, server } = this;
    const open = server.open();
    const s = open[random.below(open.length)];
    switch (random.below(s === undefined ? 5 : 15)) {
      case 0:
        return [frame(Frame.PING, 0, 0, random.bytes(8))];
      case 1:
        return [server.initialWindow(random.pick([0, 10, 1000, 65_535, 1_000_000]))];
      case 2:
        return [frame(Frame.SETTINGS, 0, 0, setting(Setting.HEADER_TABLE_SIZE, random.pick([0, 100, 4096, 65_536])))];
      case 3:
        return [server.widen(undefined, random.pick([1, 1000, 100_000]))];
      case 4:
        return [frame(Frame.PRIORITY, 0, 1, '\0\0\0\0\x10'), frame(0xbb, 0xff, random.below(9), random.bytes(random.below(30)))];
      case 5:
      case 6:
        return s === undefined ? [] : [server.widen(s, random.pick([1, 1000, 100_000]))];
      case 7:
      case 8:
        return s === undefined ? [] : this.reply(s);
      default: {
        const data =
          s === undefined ? undefined : server.sendData(s, random.pick([1, 6, 5000, 16_384, 16_384]), random.pick([0, 0, 1, 255]));
        return data === undefined ? [] : [data];
      }
    }
  }

  /** What a bad server might send now: something good that was changed, something out of place, anything at all. */
  bad(): Buffer[] {
    const { random, server } = this;
    server.counts = false;
    const all = [...server.streams.keys(), 0, 1, 2, 999];
    const id = all[random.below(all.length)] ?? 0;
    switch (random.below(8)) {
      case 0:
        return [mutate(random, Buffer.concat(this.good()), frame(Frame.HEADERS, 4, id, random.bytes(20)))];
      case 1:
        return [random.bytes(random.below(60))];
      case 2:
        return [frame(random.below(12), random.below(256), id, random.bytes(random.below(60)))];
      case 3:
        return [frame(Frame.HEADERS, Flag.END_HEADERS | random.below(2), id, random.bytes(random.below(30)))];
      case 4:
        return [frame(Frame.RST_STREAM, 0, id, uint32(random.below(16)))];
      case 5:
        return [frame(Frame.GOAWAY, 0, 0, Buffer.concat([uint32(random.pick([0, 1, 5, 2 ** 31 - 1])), uint32(random.below(14))]))];
      case 6:
        return [frame(Frame.HEADERS, 0, id, block(HEAD)), frame(Frame.CONTINUATION, random.pick([0, 4]), id, block(TRAILERS))];
      default:
        return [headers(id, random.pick([HEAD, TRAILERS]), random.below(2) === 0)];
    }
  }

  async start(): Promise<void> {
    await this.deliver(frame(Frame.SETTINGS, 0, 0, ''));
    check(this.client.isReady, 'the connection is ready');
  }

  async clientActs(mayCancel: boolean): Promise<void> {
    const { client, random } = this;
    if (client.calls.length < 6 && random.below(3) === 0) client.start(random);
    const one = client.calls[random.below(client.calls.length)];
    if (one !== undefined) client.act(random, one, mayCancel);
    await this.settle();
  }

  /** The server goes; whatever is left ends. */
  async end(): Promise<void> {
    this.client.wire.emit('close');
    check(this.client.isGone, 'the connection is gone');
    for (const { call } of this.client.calls) call.pull(1_000_000);
    await turns(3);
    this.client.wire.destroy();
    for (const { recorder } of this.client.calls) check(recorder.ends === 1, `a call ends ${recorder.ends} times`);
    check(warnings.length === 0, `a warning: ${warnings[0]?.stack}`);
  }
}

/** Whatever was sent arrives, in both directions, and no window stays closed. */
async function goodServer(random: Random): Promise<void> {
  const session = new Session(random);
  const { client, server } = session;
  await session.start();
  for (let step = 5 + random.below(70); step > 0; step--) {
    if (random.below(2) === 0) await session.clientActs(random.below(4) === 0);
    else await session.deliver(...session.good());
  }
  for (const one of client.calls) {
    client.pull(one, 1_000_000);
    one.call.halfClose();
  }
  await session.deliver(server.initialWindow(1_000_000), server.widen(undefined, 2 ** 30));
  // Now and then a window's worth of padding first.
  const padded = random.below(5) === 0 ? 300 : 0;
  for (let round = 0; server.open().some((s) => s.out.length > 0); round++) {
    check(round < 400, 'the client keeps its windows closed');
    const [most, padding] = round < padded ? [1, 255] : [16_384, 0];
    await session.deliver(...server.open().flatMap((s) => server.sendData(s, most, padding) ?? []));
  }
  for (const s of server.open()) {
    await session.deliver(...session.head(s), headers(s.id, TRAILERS, true));
  }
  check(!client.isGone, 'the connection stands');
  // Streams have the order of their calls.
  const ids = [...server.streams.keys()];
  for (const [i, one] of client.calls.entries()) {
    const s = server.streams.get(ids[i] ?? 0);
    check(s !== undefined, 'a call has its stream');
    if (s === undefined || one.cancelled || one.recorder.log.includes('end:13')) continue;
    check(s.received.equals(one.sent) && s.closedByClient, `${s.received.length} octets arrived of ${one.sent.length}`);
    const expected = session.replies.get(s.id) ?? [];
    check(Buffer.concat(one.recorder.messages).equals(Buffer.concat(expected)), 'other replies arrived than were sent');
    check(one.recorder.log.at(-1) === 'end:0', `${one.recorder.log.at(-1)}`);
  }
  await session.end();
}

/** Whatever the server does, every call ends once, and nothing is thrown. */
async function badServer(random: Random): Promise<void> {
  const session = new Session(random);
  await session.start();
  for (let step = 5 + random.below(30); step > 0 && !session.client.isGone; step--) {
    if (random.below(2) === 0) await session.clientActs(true);
    else await session.deliver(...(random.below(3) === 0 ? session.bad() : session.good()));
  }
  await session.end();
}

function campaign(name: string, run: (random: Random) => Promise<void>): void {
  t.test(name, async (t) => {
    let before = 0;
    for (let i = 0; i < inputs; i++) {
      if (i === 100) before = reachableBytes();
      try {
        await run(new Random(seed + i));
      } catch (error) {
        t.fail(`PROTOGATE_FUZZ_SEED=${seed + i}: ${String(error)}`, { error });
        return;
      }
    }
    const kept = inputs > 100 ? reachableBytes() - before : 0;
    t.ok(kept < KEPT + inputs * 100, `${kept} bytes are kept`);
  });
}

campaign('with a good server everything arrives, and no window stays closed', goodServer);
campaign('with a bad server every call ends once', badServer);
