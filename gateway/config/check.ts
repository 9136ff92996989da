import { nearest } from '../../proto/nearest.js';
import { isFollowed, parseTarget } from '../upstream/target.js';
import { checkNames } from './check-names.js';
import type { Finding } from './problems.js';
import type { Config } from './schema.js';

/** What no schema of single keys can see: keys that contradict each other. */
export function checkMeaning(config: Config): readonly Finding[] {
  return [
    ...checkTls(config),
    ...checkUpstreams(config),
    ...checkPolicies(config),
    ...checkPaths(config),
    ...checkOrigins(config),
    ...checkNames(config),
  ];
}

function checkTls({ tls }: Config): readonly Finding[] {
  if (tls === undefined) return [];
  const { clientCa, clientCerts } = tls;
  if (clientCerts !== 'none' && clientCa === undefined)
    return [{ path: ['tls', 'clientCerts'], key: false, reason: 'needs tls.clientCa, which says who signs them' }];
  if (clientCerts === 'none' && clientCa !== undefined)
    return [{ path: ['tls', 'clientCa'], key: true, reason: 'needs tls.clientCerts: optional or required' }];
  return [];
}

function checkUpstreams(config: Config): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [name, upstream] of Object.entries(config.upstreams)) {
    const target = parseTarget(upstream.target);
    if (upstream.tls !== undefined && target.ok && !target.value.tls && !isFollowed(target.value))
      findings.push({
        path: ['upstreams', name, 'tls'],
        key: true,
        reason: `needs a TLS target; write target: grpcs://${target.value.address}`,
      });
  }
  return findings;
}

function checkPolicies(config: Config): readonly Finding[] {
  const names = Object.keys(config.upstreams);
  return config.policies.flatMap(({ upstream }, i): readonly Finding[] => {
    if (upstream === undefined || names.includes(upstream)) return [];
    const near = nearest(upstream, names);
    const hint = near === undefined ? 'name one of the keys of upstreams' : `did you mean "${near}"?`;
    return [{ path: ['policies', String(i), 'upstream'], key: false, reason: `there is no upstream "${upstream}"; ${hint}` }];
  });
}

function checkPaths({ docs, health }: Config): readonly Finding[] {
  const yaml = docs.document.replace(/json$/, 'yaml');
  const own: readonly (readonly [path: readonly string[], url: string | false])[] = [
    [['docs', 'document'], docs.enabled && docs.document],
    [['docs', 'document'], docs.enabled && yaml],
    [['health', 'live'], health.live],
    [['health', 'ready'], health.ready],
  ];
  const seen = new Map<string, string>();
  return own.flatMap(([path, url]): readonly Finding[] => {
    if (url === false) return [];
    const other = seen.get(url);
    if (other !== undefined) return [{ path, key: false, reason: `"${url}" is the path of ${other}, too` }];
    seen.set(url, path.join('.'));
    return [];
  });
}

/** Origins that no browser writes so: with a default port, with capital letters. */
function checkOrigins({ cors }: Config): readonly Finding[] {
  return cors.origins.flatMap((origin, i): readonly Finding[] => {
    const { origin: written } = URL.canParse(origin) ? new URL(origin) : { origin: undefined };
    // Of schemes that the standard does not know, as those of extensions and applications, the program does not know the spelling either.
    if (written === origin || written === 'null') return [];
    const reason = written === undefined ? `"${origin}" is no origin` : `browsers write this origin as ${written}`;
    return [{ path: ['cors', 'origins', String(i)], key: false, reason }];
  });
}
