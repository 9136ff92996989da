import { selects, specificity } from '../../annotations/selector.js';
import type { Problem } from '../../proto/problem.js';
import type { ServiceType } from '../../proto/schema.js';
import type { Config } from '../config/config.js';

/**
 * Where a service goes when no policy says so: the upstream that claims it most specifically, else those that offer it by reflection. None:
 * the upstream `default`; several: nobody can tell.
 */
export type Homes = (service: ServiceType) => readonly string[];

interface Claim {
  readonly upstream: string;
  readonly selector: string;
}

/** Resolves `upstreams.NAME.services`. Claims that no service meets are warned of. */
export function resolveHomes(upstreams: Config['upstreams'], services: readonly ServiceType[]): { homes: Homes; warnings: Problem[] } {
  const claims = Object.entries(upstreams).flatMap(([upstream, { services }]) =>
    services.map((selector): Claim => ({ upstream, selector })),
  );
  const met = new Set<Claim>();
  const homes = new Map<ServiceType, readonly string[]>();
  for (const service of services) {
    const meeting = claims.filter(({ selector }) => selects(selector, service.name));
    for (const claim of meeting) met.add(claim);
    const best = Math.max(...meeting.map(({ selector }) => specificity(selector)));
    const claiming = meeting.filter(({ selector }) => specificity(selector) === best).map(({ upstream }) => upstream);
    homes.set(service, claiming.length > 0 ? [...new Set(claiming)] : service.offeredBy);
  }
  return { homes: (service) => homes.get(service) ?? service.offeredBy, warnings: claims.filter((claim) => !met.has(claim)).map(unmet) };
}

function unmet({ upstream, selector }: Claim): Problem {
  return { severity: 'warning', subject: `upstreams.${upstream}.services`, reason: `"${selector}" is none of the loaded services` };
}
