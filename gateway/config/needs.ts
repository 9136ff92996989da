import type { Problem } from '../../proto/problem.js';
import { reflectionSettings } from './reflection.js';
import type { Config } from './schema.js';

/** Why a configuration serves nothing, whatever else it says: no sources. */
export function lackOfSources({ sources, upstreams }: Config): readonly Problem[] {
  const reflecting = Object.values(upstreams).some(({ reflection }) => reflectionSettings(reflection) !== undefined);
  if (sources.protos.length + sources.descriptorSets.length > 0 || reflecting) return [];
  return [
    lack(
      'sources',
      'there are none: name .proto files (--proto, sources.protos), a descriptor set (--descriptor-set, sources.descriptorSets) or the server itself (--reflection, upstreams.NAME.reflection)',
    ),
  ];
}

/** Why a configuration serves nothing, whatever else it says: no server. */
export function lackOfUpstreams({ upstreams }: Config): readonly Problem[] {
  if (Object.keys(upstreams).length > 0) return [];
  return [lack('upstreams', 'there is none: say where the gRPC server is (--upstream HOST:PORT, upstreams.default.target)')];
}

function lack(subject: string, reason: string): Problem {
  return { severity: 'error', subject, reason };
}
