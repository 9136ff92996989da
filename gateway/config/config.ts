import { dirname } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Problem, Result } from '../../proto/problem.js';
import { parseTarget } from '../upstream/target.js';
import { parseListen, parsePlace } from './address.js';
import { checkMeaning } from './check.js';
import { type Position, readConfigFile } from './file.js';
import { configKeys } from './keys.js';
import { resolvePaths } from './paths.js';
import { explain, type Finding, printPath } from './problems.js';
import { annotations, type Config, configSchema } from './schema.js';

export { type ListenAddress, type ListenPlace, parseListen, parsePlace } from './address.js';
export { jsonSettings, metadataSettings, policyFallbacks, requestSettings, ruleSettings } from './compat.js';
export type { ConfigInput } from './input.js';
export { lackOfSources, lackOfUpstreams } from './needs.js';
export { type PolicySettings, policyDefaults } from './policy.js';
export { type ReflectionSettings, reflectionSettings } from './reflection.js';
export type { Config, PolicyRule, UpstreamConfig } from './schema.js';

/** Where a configuration came from: for problems, and as the base of relative file paths. */
export interface ConfigOrigin {
  /** Path of the file; without one, relative paths stay as they are. */
  readonly file?: string;
  /** Finds the place in the file of the value (or the last key) of a path of keys and indexes. */
  readonly position?: (path: readonly string[], key: boolean) => Position | undefined;
}

const ajv = new Ajv2020({ allErrors: true, verbose: true, useDefaults: true, allowUnionTypes: true });
ajv.addVocabulary([...annotations]);
ajv.addFormat('listen', (text: string) => parseListen(text) !== undefined);
ajv.addFormat('place', (text: string) => parsePlace(text) !== undefined);
ajv.addFormat('target', (text: string) => parseTarget(text).ok);
const validate = ajv.compile<Config>(configSchema);
const keys = configKeys().map((k) => k.key);

/**
 * Checks what a user wrote and fills in every default. The input is not changed; a {@link Config} comes out as it went in.
 * Problems name the key (`policies[0].deadlineMs`) and what was expected.
 */
export function parseConfig(input: unknown, where: ConfigOrigin = {}): Result<Config> {
  const refuse = (findings: readonly Finding[]): Result<Config> => ({ ok: false, problems: findings.map((f) => toProblem(f, where)) });
  const data = copyOf(input);
  if (data === undefined) return refuse([{ path: [], key: false, reason: 'expected plain data, got functions or other objects' }]);
  if (!validate(data)) return refuse(explain(validate.errors ?? [], keys));
  const findings = checkMeaning(data);
  if (findings.length > 0) return refuse(findings);
  const resolved = where.file === undefined ? data : resolvePaths(data, configSchema, dirname(where.file));
  return { ok: true, value: freeze(withLowerCaseNames(resolved)), warnings: [] };
}

/** Reads and checks a YAML or JSON configuration file of at most 1 MiB. Problems carry line and column. */
export async function loadConfig(file: string): Promise<Result<Config>> {
  const text = await readConfigFile(file);
  return text.ok ? parseConfig(text.value.data, { file, position: text.value.position }) : text;
}

function toProblem(f: Finding, where: ConfigOrigin): Problem {
  const subject = f.path.length === 0 ? 'configuration' : printPath(f.path);
  const file = where.file === undefined ? {} : { file: where.file };
  return { severity: 'error', ...file, ...where.position?.(f.path, f.key), subject, reason: f.reason };
}

function copyOf(input: unknown): unknown {
  try {
    return structuredClone(input ?? {});
  } catch {
    return undefined;
  }
}

function withLowerCaseNames(c: Config): Config {
  const lower = (names: readonly string[]) => names.map((n) => n.toLowerCase());
  const admin = c.admin === undefined ? {} : { admin: { ...c.admin, hosts: lower(c.admin.hosts) } };
  const { forward, reply, webSocket } = c.metadata;
  return { ...c, ...admin, metadata: { ...c.metadata, forward: lower(forward), reply: lower(reply), webSocket: lower(webSocket) } };
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
