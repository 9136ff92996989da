import { Arriving } from '../../../../../gateway/upstream/h2/arriving.js';
import { H2Call } from '../../../../../gateway/upstream/h2/call.js';
import { Connection, type ConnectionOwner } from '../../../../../gateway/upstream/h2/connection.js';
import { RequestHead } from '../../../../../gateway/upstream/h2/request-head.js';
import type { Random } from '../../../../proto/json/fuzz-input.js';
import { framed } from '../../contract/raw.js';
import { Recorder } from '../../contract/recorder.js';
import { Wire } from './wire.js';

/** A call of the client, and what was done with it. */
export interface FuzzCall {
  readonly call: H2Call;
  readonly recorder: Recorder;
  /** Messages that were given to it, framed. */
  sent: Buffer;
  closed: boolean;
  cancelled: boolean;
  pulled: number;
}

const head = new RequestHead('/fuzz.Service/Method', 'fuzz:1', false);
export const MAX_MESSAGE = 100_000;

/** The client's end of a connection, under the control of a test. */
export class FuzzClient {
  readonly wire = new Wire();
  readonly connection: Connection;
  readonly calls: FuzzCall[] = [];
  /** One large message at a time. */
  private readonly arriving = new Arriving(MAX_MESSAGE);
  isReady = false;
  isGone = false;

  constructor() {
    const owner: ConnectionOwner = {
      ready: () => {
        this.isReady = true;
      },
      room() {},
      draining() {},
      tooManyPings() {},
      gone: () => {
        this.isGone = true;
      },
    };
    this.connection = new Connection(this.wire, owner, undefined);
  }

  /** Starts a call, with a request in one piece or as a stream, if the connection takes one. */
  start(random: Random): void {
    if (!this.connection.free) return;
    const request = random.below(2) === 0 ? random.bytes(random.below(200)) : undefined;
    const recorder = new Recorder();
    const waiting = {
      arriving: this.arriving,
      again: (call: H2Call) => call.refuse(14, 'refused'),
      forget() {},
    };
    const options = { metadata: [], deadline: Number.POSITIVE_INFINITY };
    const call = new H2Call(
      { watch() {}, ended() {} },
      recorder,
      request !== undefined && random.below(2) === 0,
      head,
      options,
      MAX_MESSAGE,
      waiting,
      request,
    );
    this.calls.push({
      call,
      recorder,
      sent: request === undefined ? Buffer.alloc(0) : framed(request),
      closed: request !== undefined,
      cancelled: false,
      pulled: 0,
    });
    call.begin();
    this.connection.open(call);
  }

  /** Does something to one call. */
  act(random: Random, one: FuzzCall, mayCancel: boolean): void {
    switch (random.below(mayCancel ? 5 : 4)) {
      case 0:
        this.pull(one, random.below(3));
        return;
      case 1:
      case 2: {
        const message = Buffer.alloc(random.pick([0, 1, 100, 20_000]), random.below(256));
        if (!one.closed && one.recorder.ends === 0) {
          one.sent = Buffer.concat([one.sent, framed(message)]);
          one.call.send(message);
        }
        return;
      }
      case 3:
        one.closed = true;
        one.call.halfClose();
        return;
      default:
        one.cancelled = true;
        one.call.cancel('client');
    }
  }

  pull(one: FuzzCall, n: number): void {
    one.pulled += n;
    one.call.pull(n);
  }

  /** Delivers what the server sent, in pieces. */
  receive(random: Random, octets: Buffer): void {
    for (let pos = 0; pos < octets.length; ) {
      const end = Math.min(octets.length, pos + 1 + random.below(random.pick([10, 40_000])));
      // As from a socket, which reads into one buffer again and again.
      const chunk = Buffer.from(octets.subarray(pos, end));
      this.connection.receive(chunk, 0, chunk.length);
      chunk.fill(0xee);
      pos = end;
    }
  }
}
