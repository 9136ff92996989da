import type { Call, CallEvents, Metadata, Status } from '../../../../gateway/upstream/call.js';

/** Keeps what a call told, and lets a test wait for it. */
export class Recorder implements CallEvents {
  /** Names of events in order, `message:text` for messages shorter than 40 bytes. */
  readonly log: string[] = [];
  readonly messages: Buffer[] = [];
  initial: Metadata | undefined;
  ends = 0;
  readonly ended: Promise<Status>;
  private finish: (s: Status) => void = () => {};
  private waiting: { readonly done: () => boolean; readonly go: () => void }[] = [];

  /** @param onMessage told after each message: the place to pull more */
  constructor(private readonly onMessage: (r: Recorder) => void = () => {}) {
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  headers(m: Metadata): void {
    this.log.push('headers');
    this.initial = m;
    this.wake();
  }

  message(b: Uint8Array): void {
    this.log.push(b.length < 40 ? `message:${Buffer.from(b).toString()}` : `message of ${b.length}`);
    this.messages.push(Buffer.from(b));
    this.onMessage(this);
    this.wake();
  }

  drain(): void {
    this.log.push('drain');
    this.wake();
  }

  end(s: Status): void {
    this.log.push(`end:${s.code}`);
    this.ends += 1;
    this.finish(s);
    this.wake();
  }

  /** Resolves when `n` messages are there. */
  received(n: number): Promise<void> {
    return this.until(() => this.messages.length >= n);
  }

  /** Resolves when `done` holds; looked at after every event. */
  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((go) => this.waiting.push({ done, go }));
  }

  /** Values of a name of the initial metadata. */
  value(name: string): (string | Uint8Array)[] {
    return values(this.initial ?? [], name);
  }

  private wake(): void {
    const ready = this.waiting.filter((w) => w.done());
    this.waiting = this.waiting.filter((w) => !ready.includes(w));
    for (const w of ready) w.go();
  }
}

export function values(m: Metadata, name: string): (string | Uint8Array)[] {
  return m.filter(([n]) => n === name).map(([, v]) => v);
}

/** A promise and its resolver: what a server handler saw. */
export class Signal<T = void> {
  readonly seen: Promise<T>;
  fire: (value: T) => void = () => {};

  constructor() {
    this.seen = new Promise((resolve) => {
      this.fire = resolve;
    });
  }
}

/** Pulls everything, as it comes. */
export function pullAll(call: Call): void {
  call.pull(Number.MAX_SAFE_INTEGER);
}

/** Resolves after the event loop has gone round `n` times: for what must not happen. */
export async function turns(n = 20): Promise<void> {
  for (let i = 0; i < n; i++) await new Promise((resolve) => setImmediate(resolve));
}
