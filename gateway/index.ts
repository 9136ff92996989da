import { type Problem, printProblem, type Result } from '../proto/problem.js';
import { type Config, type ConfigInput, parseConfig } from './config/config.js';
import { listenerSettings, logSettings, type Setting, warnOfFixed } from './lifecycle/fixed-settings.js';
import { noting } from './lifecycle/followed-files.js';
import { type Gateway, openGateway } from './lifecycle/gateway.js';
import { createAdmin } from './listener/admin.js';
import { listenOn } from './listener/listen.js';
import { listen } from './listener/server.js';
import type { Setup } from './request/app.js';
import { createLog } from './runtime/log.js';
import type { Logger } from './runtime/runtime.js';
import { FileStates } from './sources/file-states.js';

export type { Binding, RouteTable } from '../annotations/binding.js';
export type { Problem, Result } from '../proto/problem.js';
export type { MethodType, Schema } from '../proto/schema.js';
export { type Config, type ConfigInput, loadConfig, parseConfig } from './config/config.js';
export { Code, GatewayError } from './exchange/errors.js';
export type { Gateway } from './lifecycle/gateway.js';
export type { Generation } from './lifecycle/generation.js';
export type { GatewayStatus, ReloadReport } from './lifecycle/status.js';
export { ListenError } from './listener/listen.js';
export { type PluginOptions, protogatePlugin } from './plugin.js';
export type { Setup } from './request/app.js';
export type { Logger, Runtime } from './runtime/runtime.js';

/** What a program may give a gateway besides its configuration. */
export interface GatewayOptions {
  /** Default: JSON lines on standard output, from `log.level` on. */
  readonly log?: Logger;
  /** A program's own hooks and plugins: called for every generation, before its routes are registered. */
  readonly setup?: Setup;
  /** Files that the configuration is read from. The gateway reloads when they change, as it does for its sources, if `sources.watch` says so. */
  readonly configFiles?: readonly string[];
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

/** Makes a gateway that listens nowhere, to be mounted with {@link protogatePlugin}. Rejects with {@link StartError}. */
export function createGateway(source: ConfigSource, options: GatewayOptions = {}): Promise<Gateway> {
  return create(source, options, []);
}

async function create(source: ConfigSource, options: GatewayOptions, listening: readonly Setting[]): Promise<Gateway> {
  const read = typeof source === 'function' ? source : async () => parseConfig(source);
  const config = await read();
  if (!config.ok) throw new StartError(config.problems);
  const log = options.log ?? createLog(config.value.log);
  const fixed = [...listening, ...(options.log === undefined ? logSettings : [])];
  const files = new FileStates();
  const configure = noting(files, options.configFiles ?? [], async () => withWarnings(fixed, config.value, await read()));
  const opened = await openGateway({ configure, files, log, setup: options.setup });
  if (!opened.ok) throw new StartError(opened.problems);
  for (const warning of opened.warnings) log.warn(printProblem(warning));
  return opened.value;
}

function withWarnings(fixed: readonly Setting[], atStart: Config, now: Result<Config>): Result<Config> {
  return now.ok ? { ...now, warnings: [...now.warnings, ...warnOfFixed(fixed, atStart, now.value)] } : now;
}

/** A gateway that listens. */
export interface RunningGateway {
  /** `http://host:port` */
  readonly url: string;
  /** The same of `admin.listen`; undefined if the configuration has none. */
  readonly adminUrl?: string;
  readonly gateway: Gateway;
  /** Stops in two phases; default: at once for new requests, up to `limits.shutdownGraceMs` for those in progress. */
  close(options?: { readonly drainDelayMs?: number; readonly graceMs?: number }): Promise<void>;
}

/** Makes a gateway and listens at `listen` and `admin.listen`. Rejects with {@link StartError}, or with {@link ListenError}. */
export async function startGateway(source: ConfigSource, options: GatewayOptions = {}): Promise<RunningGateway> {
  const gateway = await create(source, options, listenerSettings);
  const admin = gateway.config.admin === undefined ? undefined : createAdmin(gateway);
  try {
    const adminUrl = admin && (await listenOn(gateway.config.admin?.listen ?? '', (where) => admin.listen(where)));
    const listener = await listen(gateway);
    const close: RunningGateway['close'] = async ({ drainDelayMs = 0, graceMs = gateway.config.limits.shutdownGraceMs } = {}) => {
      await listener.close(drainDelayMs, graceMs);
      await admin?.close();
    };
    return { url: listener.url, ...(adminUrl === undefined ? {} : { adminUrl }), gateway, close };
  } catch (e) {
    await Promise.all([gateway.close(0), admin?.close()]);
    throw e;
  }
}
