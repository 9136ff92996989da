import type { Config } from './config.js';
import { reflectedServers } from './reflected-servers.js';
import type { Logger } from './runtime.js';
import type { FileStates } from './sources/file-states.js';
import { reflectionMemory } from './sources/reflection/memory.js';
import { pollReflection } from './sources/reflection/poll.js';
import type { Remote } from './sources/remote.js';
import { watchFiles } from './sources/watch.js';

/** A gateway that is to follow what it was made of. */
export interface Followed extends Remote {
  readonly config: Config;
  /** What it was read from. */
  readonly files: FileStates;
  readonly log: Logger;
  reload(why: string): Promise<unknown>;
}

/** How often files are looked at where the system does not tell of changes, ms. */
const LOOK_MS = 10_000;

/** Names of files that one line of the log has at most. */
const MAX_NAMES = 5;

/** Reloads a gateway whenever something that it was made of has changed, until what this answers is called. */
export function follow({ config, files, log, memory, upstream, reload }: Followed): () => void {
  const polls = reflectedServers(config).map(({ intervalMs, ...server }) =>
    pollReflection({
      ...{ server, intervalMs, log },
      upstream: upstream(server.name),
      memory: reflectionMemory(memory, server),
      changed: reload,
    }),
  );
  const watch = () =>
    watchFiles({
      files,
      intervalMs: LOOK_MS,
      changed: (names) => reload(whyOf(names)),
      troubled: (why) => log.warn(`watching files: ${why}`),
    });
  const ends = config.sources.watch ? [...polls, watch()] : polls;
  return () => {
    for (const end of ends) end();
  };
}

function whyOf(names: readonly string[]): string {
  const rest = names.length - MAX_NAMES;
  return `changed: ${names.slice(0, MAX_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
