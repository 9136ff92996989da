import type { Config } from './config.js';
import { reflectedServers } from './reflected-servers.js';
import type { Logger } from './runtime.js';
import { reflectionMemory } from './sources/reflection/memory.js';
import { pollReflection } from './sources/reflection/poll.js';
import type { Remote } from './sources/remote.js';

/** A gateway that is to follow what it was made of. */
export interface Followed extends Remote {
  readonly config: Config;
  readonly log: Logger;
  reload(why: string): Promise<unknown>;
}

/** Reloads a gateway whenever something that it was made of has changed, until what this answers is called. */
export function follow({ config, log, memory, upstream, reload }: Followed): () => void {
  const ends = reflectedServers(config).map(({ intervalMs, ...server }) =>
    pollReflection({
      ...{ server, intervalMs, log },
      upstream: upstream(server.name),
      memory: reflectionMemory(memory, server),
      changed: reload,
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}
