import type { Call, CallEvents, Invoker, Metadata, Status } from './call.js';

/** Holds one method's replies to `maxReply` bytes a message; a larger one ends its call with RESOURCE_EXHAUSTED, `origin: 'local'`. */
export function limitReplies(invoker: Invoker, maxReply: number): Invoker {
  return {
    unary(request, o, e) {
      const limited = new LimitedEvents(e, maxReply);
      limited.call = invoker.unary(request, o, limited);
      return limited.call;
    },
    start(o, e) {
      const limited = new LimitedEvents(e, maxReply);
      limited.call = invoker.start(o, limited);
      return limited.call;
    },
  };
}

class LimitedEvents implements CallEvents {
  /** Set before the first event: events are asynchronous. */
  call: Call | undefined;
  private excess = 0;

  constructor(
    private readonly events: CallEvents,
    private readonly maxReply: number,
  ) {}

  headers(m: Metadata): void {
    this.events.headers(m);
  }

  message(b: Uint8Array): void {
    if (b.length <= this.maxReply) {
      this.events.message(b);
    } else {
      this.excess = b.length;
      this.call?.cancel('limit');
    }
  }

  drain(): void {
    this.events.drain();
  }

  end(s: Status): void {
    const message = `reply of ${this.excess} bytes, ${this.maxReply} are allowed`;
    this.events.end(this.excess === 0 ? s : { ...s, message });
  }
}
