import type { Result } from '../../../proto/problem.js';
import { printable } from './failure.js';
import { type Reflected, type ReflectionOptions, subjectOf } from './reflect.js';

/** What an answer is, compared with those before it. */
export type Verdict =
  | 'same'
  /** To be served from now on. */
  | 'changed'
  /** One that another has replaced: probably of an older server behind the same address. */
  | 'older';

/** So many answers in a row, and twice as many each further time, make an older version the current one again. */
const CONFIRMATIONS = 3;

/** Versions that are remembered. */
const MAX_VERSIONS = 32;

/** What is known of one server from before. */
export class ReflectionMemory {
  /** The last answer that led to a generation. */
  last: Reflected | undefined;
  /** The answer of the last load. */
  #loaded: Reflected | undefined;
  #fresh: Reflected | undefined;
  #current = '';
  /** Versions that were current, each with how often it came back. */
  readonly #versions = new Map<string, number>();
  #repeated = { version: '', count: 0 };

  constructor(private readonly server: Pick<ReflectionOptions, 'name' | 'target'>) {}

  /** Makes a failure of an answer that lacks what the last one had. */
  judge(answer: Result<Reflected>): Result<Reflected> {
    const lost = answer.ok ? answer.value.lacking.filter((service) => this.last?.services.includes(service)) : [];
    if (lost.length === 0) return answer;
    const reason = `does not describe ${lost.map(printable).join(', ')} any more, though it lists it`;
    return { ok: false, problems: [{ severity: 'error', subject: subjectOf(this.server), reason, temporary: true }] };
  }

  /** An answer was loaded. */
  keep(answer: Reflected): void {
    this.#loaded = answer;
    this.#makeCurrent(answer.version);
  }

  /** The last answer was loaded again, for want of another. */
  fallBack(): void {
    this.#loaded = this.last;
  }

  /** The last load led to a generation. */
  confirm(): void {
    this.last = this.#loaded;
  }

  /** Leaves an answer for the load that it causes, so that this does not ask again, perhaps another server. */
  leave(answer: Reflected): void {
    this.#fresh = answer;
  }

  /** The answer that was left, once. */
  takeLeft(): Reflected | undefined {
    const fresh = this.#fresh;
    this.#fresh = undefined;
    return fresh;
  }

  /**
   * Compares an answer with those before. Servers of several versions behind one address answer in turns: the newest version stays, and an
   * older one has to be the only one for a while, as after a roll-back.
   */
  observe({ version }: Reflected): Verdict {
    if (version === this.#current) {
      this.#repeated = { version: '', count: 0 };
      return 'same';
    }
    const returns = this.#versions.get(version);
    if (returns !== undefined) {
      this.#repeated = { version, count: this.#repeated.version === version ? this.#repeated.count + 1 : 1 };
      if (this.#repeated.count < CONFIRMATIONS * 2 ** Math.min(returns, 10)) return 'older';
      this.#versions.set(version, returns + 1);
    }
    this.#makeCurrent(version);
    return 'changed';
  }

  #makeCurrent(version: string): void {
    this.#current = version;
    this.#repeated = { version: '', count: 0 };
    if (!this.#versions.has(version)) this.#versions.set(version, 0);
    const [oldest] = this.#versions.keys();
    if (this.#versions.size > MAX_VERSIONS && oldest !== undefined) this.#versions.delete(oldest);
  }
}

const KEY = 'reflection:';

function keyOf({ name, target }: Pick<ReflectionOptions, 'name' | 'target'>): string {
  return `${KEY}${name}:${target}`;
}

/** Forgets what is known of all other servers: their descriptors may be large. */
export function forgetServers(all: Map<string, unknown>, except: readonly Pick<ReflectionOptions, 'name' | 'target'>[]): void {
  const kept = new Set(except.map(keyOf));
  for (const key of all.keys()) if (key.startsWith(KEY) && !kept.has(key)) all.delete(key);
}

/** What is known of a server; of another address under the same name nothing is. */
export function reflectionMemory(all: Map<string, unknown>, server: Pick<ReflectionOptions, 'name' | 'target'>): ReflectionMemory {
  const key = keyOf(server);
  const known = all.get(key);
  if (known instanceof ReflectionMemory) return known;
  const memory = new ReflectionMemory(server);
  all.set(key, memory);
  return memory;
}
