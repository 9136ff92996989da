import type { Call, CallEvents, Invoker, Status, Transport } from './call.js';
import { localStatus } from './local-status.js';
import { tellEnd } from './tell-end.js';

/** Bytes of requests that may be in progress; one that is alone may have more. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Lets at most `limits.inFlight` calls be in progress, those that wait included; others end at once, not processed. */
export function limitCalls(
  invoker: Invoker,
  traffic: Pick<Transport, 'load' | 'requestBytes'>,
  limits: { readonly inFlight: number },
): Invoker {
  const excess = (bytes: number): Status | undefined => {
    const { load, requestBytes } = traffic;
    if (load >= limits.inFlight) return localStatus(14, `${load} calls are in progress, ${limits.inFlight} may be`, false);
    if (load > 0 && requestBytes + bytes > MAX_BYTES)
      return localStatus(14, `the requests in progress have ${requestBytes} bytes, ${MAX_BYTES} are allowed`, false);
    return undefined;
  };
  return {
    unary(request, o, e) {
      const status = excess(request.length);
      return status === undefined ? invoker.unary(request, o, e) : new RefusedCall(status, e);
    },
    start(o, e) {
      const status = excess(0);
      return status === undefined ? invoker.start(o, e) : new RefusedCall(status, e);
    },
  };
}

/** A call that never was. */
export class RefusedCall implements Call {
  constructor(status: Status, events: CallEvents) {
    process.nextTick(tellEnd, events, status);
  }

  send(): boolean {
    return false;
  }
  halfClose(): void {}
  pull(): void {}
  cancel(): void {}
}
