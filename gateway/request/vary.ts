import type { Outgoing } from '../exchange/exchange.js';

/** Notes that the request's `Accept` decided what the answer looks like (RFC 9110 section 12.5.5), beside what a plugin or the upstream noted. */
export function varyByAccept(reply: Outgoing): void {
  const before = reply.getHeader('vary');
  if (before === undefined) {
    reply.header('vary', 'Accept');
    return;
  }
  const names = String(before).split(',');
  if (!names.some((name) => /^\s*(?:accept|\*)\s*$/i.test(name))) reply.header('vary', `${names.join(',')}, Accept`);
}
