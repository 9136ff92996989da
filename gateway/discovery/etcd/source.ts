import type { Call, CallEvents, Endpoint, Status } from '../../upstream/call.js';
import { createUpstream } from '../../upstream/create.js';
import type { Upstream } from '../../upstream/upstream.js';
import { BackOff } from '../back-off.js';
import { parseNode } from '../node-data.js';
import type { EndpointListener, EndpointSource } from '../source.js';
import { type Listed, parseRange, parseWatch, printRange, printWatch, RANGE, WATCH } from './messages.js';

const POLICY = { maxReply: 16 * 1024 * 1024 };
/** Longest time for an answer, ms. */
const ANSWER_MS = 5000;
/** Changes that come within that time are one list: at most 20 a second. */
const TOGETHER_MS = 50;
/** etcd refuses who asks more often than every 5 s. */
const KEEP_ALIVE = { intervalMs: 5000, timeoutMs: 2000 };

/** The servers whose addresses stand under a prefix of etcd: a list, and another one after each change that a watch tells of. */
export class EtcdSource implements EndpointSource {
  #listener: EndpointListener | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  /** Something has changed since the last list was asked for. */
  #stale = false;
  #watch: Call | undefined;
  #ignored: ReadonlySet<string> = new Set();
  readonly #pauses = new BackOff(250, 2000);
  readonly #etcd: Upstream;

  constructor(
    private readonly address: string,
    private readonly prefix: string,
  ) {
    this.#etcd = createUpstream({ name: 'etcd', target: { address, tls: false }, connectTimeoutMs: 2000, keepAlive: KEEP_ALIVE });
  }

  start(listener: EndpointListener): void {
    this.#listener = listener;
    this.#read();
  }

  close(): void {
    this.#listener = undefined;
    clearTimeout(this.#timer);
    this.#watch?.cancel('client');
    void this.#etcd.close(0);
  }

  #read(): void {
    this.#timer = undefined;
    this.#reading = true;
    this.#stale = false;
    let answer: Uint8Array | undefined;
    const events = new Events(
      (bytes) => {
        answer = Uint8Array.from(bytes);
      },
      (status) => {
        this.#reading = false;
        if (this.#listener === undefined) return;
        const listed = status.code === 0 && answer !== undefined ? tryParse(answer) : undefined;
        if (listed === undefined) this.#failed(status);
        else this.#listed(this.#listener, listed);
      },
    );
    const o = { metadata: [], deadline: performance.now() + ANSWER_MS };
    this.#etcd.invoker(RANGE, POLICY).unary(printRange(this.prefix), o, events).pull(1);
  }

  #listed(listener: EndpointListener, { revision, nodes }: Listed): void {
    const addresses = new Set<string>();
    const ignored = new Set<string>();
    for (const { key, value } of nodes) {
      const address = parseNode(value);
      if (address === undefined) ignored.add(key);
      else addresses.add(address);
    }
    for (const key of ignored) if (!this.#ignored.has(key)) listener.ignored(key);
    this.#ignored = ignored;
    listener.trouble(undefined);
    listener.endpoints([...addresses].sort().map((address): Endpoint => ({ id: address, address, weight: 1 })));
    if (this.#watch === undefined) this.#follow(revision + 1n);
    else if (this.#stale) this.#again(TOGETHER_MS);
  }

  #follow(revision: bigint): void {
    const events = new Events(
      (bytes) => {
        const { changed, canceled } = parseWatch(bytes);
        // Compacted while away, for one: the next list has what is left.
        if (canceled) watch.cancel('client');
        else watch.pull(1);
        this.#pauses.reset();
        if (!changed) return;
        this.#stale = true;
        if (!this.#reading) this.#again(TOGETHER_MS);
      },
      (status) => {
        this.#watch = undefined;
        if (this.#listener !== undefined && !this.#reading) this.#failed(status);
      },
    );
    const watch = this.#etcd.invoker(WATCH, POLICY).start({ metadata: [], deadline: Number.POSITIVE_INFINITY }, events);
    this.#watch = watch;
    watch.send(printWatch(this.prefix, revision));
    watch.pull(1);
  }

  #failed({ code, message }: Status): void {
    if (code !== 1) this.#listener?.trouble(`etcd at ${this.address} does not answer (${message}): start it, or correct the target`);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again(this.#pauses.pause());
  }

  #again(inMs: number): void {
    this.#timer ??= setTimeout(() => this.#read(), inMs).unref();
  }
}

/** undefined: what answered is no etcd. */
function tryParse(answer: Uint8Array): Listed | undefined {
  try {
    return parseRange(answer);
  } catch {
    return undefined;
  }
}

class Events implements CallEvents {
  constructor(
    readonly message: (bytes: Uint8Array) => void,
    readonly end: (status: Status) => void,
  ) {}
  headers(): void {}
  drain(): void {}
}
