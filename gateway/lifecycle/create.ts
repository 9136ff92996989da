import { type Problem, printProblem, type Result } from '../../proto/problem.js';
import { type Config, type ConfigInput, parseConfig } from '../config/config.js';
import type { Logger } from '../exchange/logger.js';
import type { Setup } from '../request/app.js';
import { createLog } from '../runtime/log.js';
import { type DescriptorSource, readDescriptors } from '../sources/code/code-source.js';
import { FileStates } from '../sources/file-states.js';
import type { Prepare } from './build.js';
import { logSettings, type Setting, warnOfFixed } from './fixed-settings.js';
import { noting } from './followed-files.js';
import { type Gateway, openGateway } from './gateway.js';

/** What a program may give a gateway besides its configuration. */
export interface GatewayOptions {
  /** Default: JSON lines on standard output, from `log.level` on. */
  readonly log?: Logger;
  /** A program's own hooks and plugins: called for every generation, before its routes are registered. */
  readonly setup?: Setup;
  /** Files that the configuration is read from. The gateway reloads when they change, as it does for its sources, if `sources.watch` says so. */
  readonly configFiles?: readonly string[];
  /** Descriptors that the program has, beside the sources of the configuration, or how to get them: then each reload gets them again. */
  readonly descriptors?: readonly DescriptorSource[] | (() => Promise<readonly DescriptorSource[]>);
}

/** The configuration, or how to read it: then each reload reads it again. */
export type ConfigSource = ConfigInput | (() => Promise<Result<Config>>);

/** A gateway cannot start; `problems` say why, each naming the key, file, method or rule. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(printProblem).join('\n'));
  }
}

/** Makes a gateway that listens nowhere, to be mounted with `protogatePlugin`. Rejects with {@link StartError}. */
export function createGateway(source: ConfigSource, options: GatewayOptions = {}): Promise<Gateway> {
  return openConfigured(source, options, []);
}

/** The same for who serves it: with settings that a reload cannot change, and what a reload changes beside the generation. */
export async function openConfigured(
  source: ConfigSource,
  options: GatewayOptions,
  fixedSettings: readonly Setting[],
  prepare: Prepare = async () => ({ ok: true, value: () => {}, warnings: [] }),
): Promise<Gateway> {
  const read = typeof source === 'function' ? source : async () => parseConfig(source);
  const config = await read();
  if (!config.ok) throw new StartError(config.problems);
  const log = options.log ?? createLog(config.value.log);
  const fixed = [...fixedSettings, ...(options.log === undefined ? logSettings : [])];
  const files = new FileStates();
  const configure = noting(files, options.configFiles ?? [], async () => withWarnings(fixed, config.value, await read()));
  const { descriptors = [], setup } = options;
  const getDescriptors = typeof descriptors === 'function' ? descriptors : async () => descriptors;
  const describe = async () => readDescriptors(await getDescriptors());
  const opened = await openGateway({ configure, describe, prepare, files, log, setup });
  if (!opened.ok) throw new StartError(opened.problems);
  for (const warning of opened.warnings) log.warn(printProblem(warning));
  return opened.value;
}

function withWarnings(fixed: readonly Setting[], atStart: Config, now: Result<Config>): Result<Config> {
  return now.ok ? { ...now, warnings: [...now.warnings, ...warnOfFixed(fixed, atStart, now.value)] } : now;
}
