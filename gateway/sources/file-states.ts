import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { type FoundFiles, findFiles } from './find-files.js';
import { MAX_DESCRIPTOR_SET } from './limits.js';

/** What a file was when it was looked at. */
interface State {
  /** Changes whenever the file is written; '' if it may be written again without that, and so is to be read again. */
  readonly stamp: string;
  /** Of what it holds; '' if it was not read. */
  readonly hash: string;
}

type States = ReadonlyMap<string, State>;

/** Clocks of file systems are coarse: two writes within this time, ms, may leave the same stamp. */
const COARSE_MS = 2000;

/** Files that are noted together, and take the place of those that were noted so before. */
export type FileGroup = 'configuration' | 'sources';

interface Noted {
  readonly paths: readonly string[];
  readonly states: States;
}

const NOTHING: Noted = { paths: [], states: new Map() };

/** The files that a gateway is made of, and what they held when it was. Compares by content: a file that is written anew with the same is the same. */
export class FileStates {
  readonly #groups = new Map<FileGroup, Noted>();
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Looks at files that are going to be read, so that whatever happens to them from now on is a change.
   *
   * @param paths files, and folders that stand for the `.proto` files below them; they need not be there
   */
  note(group: FileGroup, paths: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      const { files } = await findFiles(paths);
      const { states } = this.#groups.get(group) ?? NOTHING;
      this.#groups.set(group, { paths, states: await statesOf(files, states, false) });
    });
  }

  /**
   * Answers the files that hold something else than they did.
   *
   * @param found called with them before they are read
   */
  compare(found: (files: FoundFiles) => Promise<void>): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      const groups = [...this.#groups];
      const all = await Promise.all(groups.map(([, { paths }]) => findFiles(paths)));
      await found(unite(all));
      const changed: string[] = [];
      for (const [i, [group, { paths, states }]] of groups.entries()) {
        const now = await statesOf(all[i]?.files ?? [], states, true);
        this.#groups.set(group, { paths, states: now });
        changed.push(...changesBetween(states, now));
      }
      return changed;
    });
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(step);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function unite(all: readonly FoundFiles[]): FoundFiles {
  return {
    files: new Set(all.flatMap(({ files }) => [...files])),
    folders: new Set(all.flatMap(({ folders }) => [...folders])),
    problems: all.flatMap(({ problems }) => problems),
  };
}

function changesBetween(before: States, now: States): readonly string[] {
  const changed = [...now].filter(([file, state]) => differs(before.get(file), state)).map(([file]) => file);
  return [...changed, ...[...before.keys()].filter((file) => !now.has(file))];
}

/** What was not read when it was noted has only its stamp to go by. */
function differs(before: State | undefined, now: State): boolean {
  if (before === undefined) return true;
  return before.hash === '' ? before.stamp !== now.stamp : before.hash !== now.hash;
}

async function statesOf(files: Iterable<string>, before: States, read: boolean): Promise<States> {
  const states = new Map<string, State>();
  for (const file of files) {
    const state = await stateOf(file, before.get(file), read).catch(() => undefined);
    if (state !== undefined) states.set(file, state);
  }
  return states;
}

/** It is read only if it does not look as before, and `read` says so or its stamp says nothing; undefined if it is no file. */
async function stateOf(file: string, before: State | undefined, read: boolean): Promise<State | undefined> {
  const looks = await looksOf(file);
  if (looks === undefined) return undefined;
  if (looks.isSettled && looks.stamp === before?.stamp && before.hash !== '') return before;
  if (looks.isSettled && !read) return { stamp: looks.stamp, hash: '' };
  const hash = looks.size > MAX_DESCRIPTOR_SET ? looks.stamp : await hashOf(file);
  const after = await looksOf(file);
  return { stamp: after?.isSettled && after.stamp === looks.stamp ? looks.stamp : '', hash };
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('base64');
}

interface Looks {
  readonly stamp: string;
  /** A later write leaves another stamp. */
  readonly isSettled: boolean;
  readonly size: number;
}

/** Pipes are not to be emptied by looking at them. */
async function looksOf(file: string): Promise<Looks | undefined> {
  const stats = await stat(file);
  if (!stats.isFile()) return undefined;
  const { mtimeMs, ctimeMs, dev, ino, size } = stats;
  return { stamp: [mtimeMs, ctimeMs, dev, ino, size].join(), isSettled: Math.max(mtimeMs, ctimeMs) < Date.now() - COARSE_MS, size };
}
