import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Problem, printProblem } from '../../proto/problem.js';
import type { FileStates } from './file-states.js';

/** What is watched, and who wants to know. */
export interface WatchOptions {
  readonly files: FileStates;
  /** How often everything is looked at without being told, ms: file systems of a network, and some of containers, tell nothing. */
  readonly intervalMs: number;
  /** The contents of files have changed. Called again only after the promise is settled. */
  changed(files: readonly string[]): Promise<unknown>;
  /** What cannot be watched, or is seen only after the interval. Called once for each reason. */
  troubled(why: string): void;
}

/** Quiet time after which a burst of changes is over, and the longest that it is waited for, ms. */
const SETTLE_MS = 60;
const LONGEST_BURST_MS = 1000;

/** Folders that are watched at most; what is in others is seen after the interval. */
const MAX_WATCHED = 4096;

/** After a look there is a rest of so many times its length, and at most of an interval: looking at very many files must not be all that is done. */
const REST = 10;

/**
 * Watches files by what they hold, not by events: an event of any folder that leads to them, and the interval, only cause a look at all of them. So
 * it does not matter how a file changes: in place, by a rename over it, by an exchange of a link to its folder (which is how Kubernetes updates a
 * ConfigMap), by being taken away and put back. Answers the end of it.
 */
export function watchFiles(options: WatchOptions): () => void {
  const watcher = new Watcher(options);
  return () => watcher.close();
}

interface WatchedFolder {
  /** A folder that was put in the place of another has another. */
  readonly identity: string;
  readonly watcher: FSWatcher;
}

class Watcher {
  readonly #options: WatchOptions;
  readonly #folders = new Map<string, WatchedFolder>();
  readonly #troubles = new Set<string>();
  #closed = false;
  /** A look is in progress; `#again`: something happened meanwhile. */
  #looking = false;
  #again = false;
  #burstSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the rest after the last look is over. */
  #rested = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    void this.#look();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { watcher } of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  readonly #happened = (): void => {
    if (this.#closed) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    const now = performance.now();
    this.#burstSince ??= now;
    const patience = this.#burstSince + LONGEST_BURST_MS - now;
    this.#lookIn(Math.max(0, Math.min(SETTLE_MS, patience), this.#rested - now));
  };

  #lookIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms).unref();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#again = false;
    this.#burstSince = undefined;
    const began = performance.now();
    const changed = await this.#options.files.compare(({ folders, problems }) => this.#watch(folders, problems));
    const ended = performance.now();
    this.#rested = ended + Math.min(REST * (ended - began), this.#options.intervalMs);
    // Also at the end: no other look will find them changed.
    if (changed.length > 0) {
      await this.#options.changed(changed);
      // It may have noted other files, which nothing is watched for yet.
      this.#again = true;
    }
    this.#looking = false;
    if (this.#closed) return;
    this.#lookIn(this.#options.intervalMs);
    if (this.#again) this.#happened();
  }

  /** Watches these folders and no others. */
  async #watch(folders: ReadonlySet<string>, problems: readonly Problem[]): Promise<void> {
    for (const problem of problems) this.#trouble(`changes of it are not followed: ${printProblem(problem)}`);
    for (const folder of this.#folders.keys()) if (!folders.has(folder)) this.#forget(folder);
    for (const folder of folders) {
      const identity = await identityOf(folder);
      if (this.#closed) return;
      if (this.#folders.get(folder)?.identity === identity) continue;
      this.#forget(folder);
      if (this.#folders.size >= MAX_WATCHED) this.#slow(`there are more than ${MAX_WATCHED} folders`);
      else if (identity !== undefined) this.#add(folder, identity);
    }
  }

  #add(folder: string, identity: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, this.#happened);
      watcher.on('error', () => {
        this.#forget(folder);
        this.#happened();
      });
      this.#folders.set(folder, { identity, watcher });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      // A folder that has just gone is no trouble: the one above it tells when it is back.
      if (code !== 'ENOENT') this.#slow(LIMITS.has(code) ? `the system's limit of watched files is reached (${code})` : code);
    }
  }

  #forget(folder: string): void {
    this.#folders.get(folder)?.watcher.close();
    this.#folders.delete(folder);
  }

  #slow(why: string): void {
    this.#trouble(`some changes of files are seen only after ${this.#options.intervalMs / 1000} s: ${why}`);
  }

  #trouble(why: string): void {
    if (this.#troubles.has(why)) return;
    this.#troubles.add(why);
    this.#options.troubled(why);
  }
}

const LIMITS: ReadonlySet<string> = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

async function identityOf(folder: string): Promise<string | undefined> {
  return stat(folder).then(
    ({ dev, ino, birthtimeMs }) => [dev, ino, birthtimeMs].join(),
    () => undefined,
  );
}
