import { Agent, get } from 'node:http';

/** An answer as the clients see it. */
export interface Seen {
  readonly status: number;
  /** Of the response header `x-generation`. */
  readonly generation: string;
  readonly text: string;
}

/** Clients that ask without end, until they are stopped. */
export interface Traffic {
  /** Answers when so many requests have been answered, all in all. */
  served(count: number): Promise<void>;
  readonly count: number;
  /** What was wrong with answers, at most a few of them. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

/** Longest list of failures. */
const MAX_FAILURES = 10;

/**
 * Starts clients.
 *
 * @param paths the path of the n-th request
 * @param judge what is wrong with its answer
 */
export function startTraffic(
  url: string,
  clients: number,
  paths: (n: number) => string,
  judge: (path: string, seen: Seen) => string | undefined,
): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const failures: string[] = [];
  const waiting = new Set<() => void>();
  let begun = 0;
  let count = 0;
  let on = true;
  const client = async () => {
    while (on) {
      begun += 1;
      const path = paths(begun);
      const fault = await ask(url, path, agent).then(
        (seen) => judge(path, seen),
        (error) => String(error),
      );
      if (fault !== undefined && failures.length < MAX_FAILURES) failures.push(`${path}: ${fault}`);
      count += 1;
      for (const wake of waiting) wake();
    }
  };
  const running = Array.from({ length: clients }, client);
  return {
    served: (wanted) =>
      new Promise((resolve) => {
        const wake = () => {
          if (count < wanted) return;
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        wake();
      }),
    get count() {
      return count;
    },
    failures,
    async stop() {
      on = false;
      await Promise.all(running);
      agent.destroy();
    },
  };
}

function ask(url: string, path: string, agent: Agent): Promise<Seen> {
  return new Promise((resolve, reject) => {
    get(url + path, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, generation: String(response.headers['x-generation']), text }));
    }).on('error', reject);
  });
}
