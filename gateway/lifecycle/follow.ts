import { mayPass, type Result } from '../../proto/problem.js';
import { reflectedServers } from '../api/reflected-servers.js';
import { remoteSources } from '../api/remote-sources.js';
import type { Config } from '../config/config.js';
import type { Logger } from '../exchange/logger.js';
import type { FileStates } from '../sources/file-states.js';
import { forgetServers, reflectionMemory } from '../sources/reflection/memory.js';
import { pollReflection } from '../sources/reflection/poll.js';
import type { Remote } from '../sources/remote.js';
import { Rounds } from '../sources/rounds.js';
import { forgetUrls, urlMemory } from '../sources/url-memory.js';
import { pollUrl } from '../sources/url-poll.js';
import { watchFiles } from '../sources/watch.js';

/** A gateway that is to follow what it was made of. */
export interface Followed extends Remote {
  readonly config: Config;
  /** What it was read from. */
  readonly files: FileStates;
  readonly log: Logger;
  reload(why: string): Promise<Result<unknown>>;
  /** {@link Following.retry} of who follows now: while a reload waited for its turn, another may have taken over. */
  retry(): void;
}

/** What follows a gateway. */
export interface Following {
  /** Reloads soon, because a reload was refused for something that may be over. */
  retry(): void;
  end(): void;
}

/** How often files are looked at where the system does not tell of changes, ms. */
const LOOK_MS = 10_000;

/** How long after a refused reload it is tried again, ms; longer and longer if that is of no use. */
const RETRY_MS = 1000;
const TRIED_AGAIN = 'what refuses the reload may be over soon: it is tried again';

/** Names of files that one line of the log has at most. */
const MAX_NAMES = 5;

/**
 * Reloads a gateway whenever something that it was made of has changed, until that is ended. A reload that is refused for something
 * that may be over soon, as a server that does not answer, is tried again.
 */
export function follow(gateway: Followed): Following {
  const { config, log, memory } = gateway;
  forgetUrls(memory, remoteSources(config).urls);
  forgetServers(memory, reflectedServers(config));
  const tryAgain = async () => {
    if (await attempt(gateway, 'trying again')) return undefined;
    if (retries.closed) gateway.retry();
    return TRIED_AGAIN;
  };
  const retries = new Rounds({ intervalMs: 0, log, ask: tryAgain });
  const reload: Reload = async (why) => {
    if (!(await attempt(gateway, why))) gateway.retry();
  };
  const ends = [
    ...followServers(gateway, reload),
    ...followUrls(gateway, reload),
    ...(config.sources.watch ? [followFiles(gateway, reload)] : []),
  ];
  return {
    retry: () => retries.soon(RETRY_MS),
    end() {
      retries.close();
      for (const end of ends) end();
    },
  };
}

/** Answers whether there is no use in trying again: it has succeeded, or something has to be changed before. */
async function attempt({ reload }: Followed, why: string): Promise<boolean> {
  const result = await reload(why);
  return result.ok || !mayPass(result.problems);
}

type Reload = (why: string) => Promise<unknown>;

function followServers({ config, log, memory, upstream }: Followed, changed: Reload): (() => void)[] {
  return reflectedServers(config).map(({ intervalMs, ...server }) => {
    const known = reflectionMemory(memory, server);
    known.confirm();
    return pollReflection({ server, intervalMs, log, upstream: upstream(server.name), memory: known, changed });
  });
}

function followUrls({ config, log, memory }: Followed, changed: Reload): (() => void)[] {
  const intervalMs = config.sources.fetchIntervalMs;
  return [...new Set(remoteSources(config).urls)].map((url) => {
    const known = urlMemory(memory, url);
    known.confirm();
    return pollUrl({ url, intervalMs, memory: known, log, changed });
  });
}

function followFiles({ files, log }: Followed, reload: Reload): () => void {
  return watchFiles({
    files,
    intervalMs: LOOK_MS,
    changed: (names) => reload(whyOf(names)),
    troubled: (why) => log.warn(`watching files: ${why}`),
  });
}

function whyOf(names: readonly string[]): string {
  const rest = names.length - MAX_NAMES;
  return `changed: ${names.slice(0, MAX_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
