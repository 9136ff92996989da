/** What `/etc/resolv.conf` says of incomplete names. */
export interface Search {
  readonly domains: readonly string[];
  /** A name with as many dots is asked for as it is first. */
  readonly ndots: number;
}

/** Reads `search`, `domain` (the last one of them counts) and `options ndots:N` as resolv.conf(5) has them. */
export function parseSearch(resolvConf: string): Search {
  let domains: readonly string[] = [];
  let ndots = 1;
  for (const line of resolvConf.split('\n')) {
    const [key, ...values] = line.trim().split(/\s+/);
    if (key === 'search' || key === 'domain') domains = values.filter((value) => value !== '.');
    if (key !== 'options') continue;
    for (const value of values) {
      const dots = /^ndots:(\d+)$/.exec(value)?.[1];
      if (dots !== undefined) ndots = Math.min(Number(dots), 15);
    }
  }
  return { domains, ndots };
}

/** The complete names that a name may mean, in the order in which they are asked for. */
export function candidates(name: string, { domains, ndots }: Search): readonly string[] {
  if (name.endsWith('.')) return [name];
  const searched = domains.map((domain) => `${name}.${domain.replace(/\.$/, '')}.`);
  const asItIs = `${name}.`;
  return name.split('.').length > ndots ? [asItIs, ...searched] : [...searched, asItIs];
}
