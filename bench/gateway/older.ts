import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Program } from './targets.js';

/** What the name of a target ends with if an older commit's gateway is meant. */
const OLDER = ', older';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: string | Readonly<Record<string, string>>;
}

/** The gateway that stands built in a folder: its version and command line, as its `package.json` says; or what is missing. */
export function olderProgram(folder: string): Program | string {
  const file = resolve(folder, 'package.json');
  if (!existsSync(file)) return `--against ${folder}: there is no package.json`;
  const { name, version, bin }: Manifest = JSON.parse(readFileSync(file, 'utf8'));
  const script = typeof bin === 'string' ? bin : bin?.[name];
  if (script === undefined) return `--against ${folder}: its package.json names no command line`;
  const cli = resolve(folder, script);
  return existsSync(cli) ? { suffix: OLDER, version, cli } : `--against ${folder}: ${script} is not there; build it first`;
}

/** The name that an older commit's target has. */
export function olderName(target: string): string {
  return target + OLDER;
}
