import type { Logger } from '../exchange/logger.js';
import type { Endpoint } from '../upstream/call.js';

/** Addresses that one line names; of others it has the number alone. */
const NAMED = 20;

/** Logs what becomes of the list of an upstream's servers: one line for each change, one when it cannot be asked for, one when it can again. */
export class ListLog {
  #list: ReadonlySet<string> = new Set();
  #problem: string | undefined;

  constructor(
    private readonly upstream: string,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  endpoints(list: readonly Endpoint[]): void {
    const before = this.#list;
    this.#list = new Set(list.map((e) => e.address));
    const added = [...this.#list].filter((address) => !before.has(address));
    const removed = [...before].filter((address) => !this.#list.has(address));
    if (added.length + removed.length === 0) return;
    const about = { upstream: this.upstream, servers: this.#list.size, added: named(added), removed: named(removed) };
    this.log.info(about, 'the servers of an upstream have changed');
  }

  ignored(name: string): void {
    this.log.warn({ upstream: this.upstream, node: name }, 'what a registry has there is no address of a server: it is left out');
  }

  trouble(problem: string | undefined): void {
    const before = this.#problem;
    this.#problem = problem;
    if (problem === before) return;
    const about = { upstream: this.upstream, servers: this.#list.size };
    if (problem === undefined) this.log.info(about, 'the servers of an upstream are known again');
    else this.log.warn({ ...about, why: problem }, 'the servers of an upstream cannot be asked for, and the last list holds');
  }
}

function named(addresses: readonly string[]): readonly string[] {
  return addresses.length > NAMED ? [...addresses.slice(0, NAMED), `and ${addresses.length - NAMED} more`] : addresses;
}
