import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { candidates, parseSearch, type Search } from './search.js';

/** The addresses of a name. */
export interface Answer {
  /** IPv4 and IPv6, without brackets. */
  readonly addresses: readonly string[];
  /** How long they hold, seconds. */
  readonly ttl: number;
}

/** Finds the addresses of a name; rejects if there are none, or nobody can be asked. */
export interface Names {
  resolve(host: string): Promise<Answer>;
  /** Ends what is being asked. */
  cancel(): void;
}

/** What stands in for the system's own. */
export interface NameOptions {
  /** `ADDRESS:PORT` of DNS servers. */
  readonly servers?: readonly string[];
  readonly search?: Search;
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>;
}

/** How long the answer of the system holds, which does not tell, seconds. */
const LOOKUP_TTL = 5;

/**
 * Names as DNS has them, with the time that an answer holds, and the search list of the machine; what DNS does not know is asked of the system,
 * which also has a file of hosts.
 */
export function systemNames(o: NameOptions = {}): Names {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  if (o.servers !== undefined) resolver.setServers(o.servers);
  const ask = o.lookup ?? ((host: string) => lookup(host, { all: true }));
  return {
    async resolve(host) {
      if (isIP(host) !== 0) return { addresses: [host], ttl: 60 };
      if (!/(^|\.)localhost\.?$/i.test(host)) {
        for (const name of candidates(host, o.search ?? (await systemSearch()))) {
          const records = await askDns(resolver, name);
          if (records.length > 0) return { addresses: records.map((r) => r.address), ttl: Math.min(...records.map((r) => r.ttl)) };
        }
      }
      return { addresses: (await ask(host)).map((a) => a.address), ttl: LOOKUP_TTL };
    },
    cancel: () => resolver.cancel(),
  };
}

/** Read each time: a machine that moves to another network gets another one. */
async function systemSearch(): Promise<Search> {
  return parseSearch(await readFile('/etc/resolv.conf', 'utf8').catch(() => ''));
}

/** Both families; servers that fail for one of them are usual, so that what is known of the other counts. */
async function askDns(resolver: Resolver, name: string): Promise<{ address: string; ttl: number }[]> {
  const asked = [resolver.resolve4(name, { ttl: true }), resolver.resolve6(name, { ttl: true })];
  return (await Promise.all(asked.map((records) => records.catch(() => [])))).flat();
}
