import type { Server } from './server.js';

/**
 * Two random choices: the one of two servers with fewer calls in progress. Servers that cannot be reached are left out while there are others.
 * undefined: every one is among `tried`.
 */
export function choose(servers: readonly Server[], tried: readonly Server[], random: () => number = Math.random): Server | undefined {
  const usable = servers.some((s) => s.down) || tried.length > 0 ? left(servers, tried) : servers;
  const { length } = usable;
  if (length < 2) return usable[0];
  const i = Math.floor(random() * length);
  const j = (i + 1 + Math.floor(random() * (length - 1))) % length;
  const [one, other] = [usable[i], usable[j]];
  return one !== undefined && other !== undefined && other.transport.load < one.transport.load ? other : one;
}

function left(servers: readonly Server[], tried: readonly Server[]): readonly Server[] {
  const untried = servers.filter((s) => !tried.includes(s));
  const up = untried.filter((s) => !s.down);
  return up.length > 0 ? up : untried;
}
