import type { Binding, RouteTable } from '../../annotations/binding.js';
import { bindingSteps } from '../../annotations/compile.js';
import type { ExternalRule } from '../../annotations/external-rules.js';
import { tableSteps } from '../../annotations/table.js';
import { linkSteps } from '../../proto/link.js';
import type { Problem, Result } from '../../proto/problem.js';
import type { Schema, ServiceType, SourceFiles } from '../../proto/schema.js';
import type { Steps } from '../../proto/steps.js';
import { type Config, policyFallbacks, ruleSettings } from '../config/config.js';
import { loadSources } from '../sources/load.js';
import { loadRemote, type Remote } from '../sources/remote.js';
import { doAside } from './aside.js';
import { resolveHomes } from './homes.js';
import { type Policies, resolvePolicies } from './policy.js';
import { remoteSources } from './remote-sources.js';
import { isServed } from './restricted.js';

import { loadRules } from './rules/load.js';
import { runInSlices } from './slices.js';
import { findUnruled, type Unruled } from './unruled.js';

/** What the sources of a configuration say. */
export interface Sources {
  readonly schema: Schema;
  /** What the schema was linked from. */
  readonly files: readonly SourceFiles[];
  /** From files beside the protos. */
  readonly rules: readonly ExternalRule[];
}

/** What a configuration serves: everything that is computed from its sources, before any request. */
export interface Api extends Sources {
  readonly policies: Policies;
  readonly table: RouteTable;
  readonly unruled: Unruled;
}

/** How to load an API. */
export interface LoadOptions extends Remote {
  /** Read and try the files in a thread of their own, because much is served meanwhile. Default: here. */
  readonly aside?: boolean;
  /** Sources that are there already. */
  readonly given?: readonly SourceFiles[];
}

/** Reads the sources of a configuration, those behind its upstreams included, and compiles them. */
export async function loadApi(config: Config, options: LoadOptions): Promise<Result<Api>> {
  const sources = await readSources(config, options);
  if (!sources.ok) return sources;
  const api = await runInSlices(compileApi(sources.value, config));
  return api.ok ? { ...api, warnings: [...sources.warnings, ...api.warnings] } : api;
}

/** Reads the sources of a configuration, those behind its upstreams included, and links them. */
export async function readSources(config: Config, options: LoadOptions): Promise<Result<Sources>> {
  const remote = await loadRemote(remoteSources(config), options);
  if (!remote.ok) return remote;
  const there = [...(options.given ?? []), ...remote.value];
  const local = options.aside ? await doAside('load', { config, there }) : await readFiles(config);
  if (!local.ok) return local;
  const { rules } = local.value;
  const files = [...there, ...local.value.files];
  const schema = await runInSlices(linkSteps(files));
  if (!schema.ok) return schema;
  const warnings = [...remote.warnings, ...local.warnings, ...schema.warnings];
  return { ok: true, value: { schema: schema.value, files, rules }, warnings };
}

/** Reads the sources of a configuration that are files of this machine. */
export async function readFiles({ sources }: Config): Promise<Result<Pick<Sources, 'files' | 'rules'>>> {
  const files = await loadSources(sources);
  const rules = await loadRules(sources.rules);
  if (files.ok && rules.ok)
    return { ok: true, value: { files: files.value, rules: rules.value }, warnings: [...files.warnings, ...rules.warnings] };
  return { ok: false, problems: [files, rules].flatMap((result) => (result.ok ? [] : result.problems)) };
}

/** What a configuration makes of its sources, in steps. */
export function* compileApi({ schema, files, rules }: Sources, config: Config): Steps<Result<Api>> {
  const { homes, warnings: idle } = resolveHomes(config.upstreams, schema.services);
  const { policies, warnings } = resolvePolicies(config.policies, schema.methods, homes, policyFallbacks(config));
  const bindings = yield* bindingSteps(schema, {
    invalidRules: config.invalidRules,
    ...ruleSettings(config),
    expose: (method) => isServed(method, policies),
    unbound: (method) => policies.of(method).unbound,
    external: { rules, mode: config.rules },
  });
  if (!bindings.ok) return bindings;
  const misplaced = [...missingUpstreams(bindings.value, policies, config), ...contestedServices(bindings.value, policies)];
  if (misplaced.length > 0) return { ok: false, problems: misplaced };
  const table = yield* tableSteps(bindings.value, config.encodedSlashes);
  // Neither rules that were left out nor methods that are hidden.
  const withoutRules = bindings.warnings.length === 0 && schema.methods.every((method) => isServed(method, policies));
  return {
    ok: true,
    value: { schema, files, rules, policies, table, unruled: findUnruled(schema.methods, policies, bindings.value, bindings.warnings) },
    warnings: [
      ...idle,
      ...warnings,
      ...bindings.warnings,
      ...unruled(schema, table, policies),
      ...(withoutRules ? routeless(schema, table) : []),
    ],
  };
}

function missingUpstreams(bindings: readonly Binding[], policies: Policies, config: Config): Problem[] {
  const names = new Set(bindings.map((b) => policies.of(b.method).upstream));
  return [...names]
    .filter((name) => config.upstreams[name] === undefined)
    .map((name) => ({
      severity: 'error',
      subject: `upstreams.${name}`,
      reason: 'is not configured, but methods are to go there: give its target',
    }));
}

function contestedServices(bindings: readonly Binding[], policies: Policies): Problem[] {
  const upstreams = new Map(bindings.map((b) => [b.method.service.name, policies.contested(b.method)]));
  return [...upstreams].flatMap(([name, [first, ...others]]) =>
    first === undefined
      ? []
      : {
          severity: 'error',
          subject: name,
          reason: `may go to the upstreams ${[first, ...others].join(' and ')}: say which one, as in upstreams: { ${first}: { services: [${name}] } }`,
        },
  );
}

/** Services that a server offers and of which nothing is served: it may leave out custom options, as some do, or never had any. */
function unruled(schema: Schema, table: RouteTable, policies: Policies): Problem[] {
  const ruled = new Set(table.bindings.map((b) => b.method.service));
  const isMeant = (service: ServiceType) => service.methods.some((method) => isServed(method, policies));
  const idle = schema.services.filter((service) => service.offeredBy.length > 0 && !ruled.has(service) && isMeant(service));
  return idle.map(({ name, offeredBy }) => ({
    severity: 'warning',
    subject: name,
    reason: `came without HTTP rules from upstream ${offeredBy.join(' and ')}, and is not served: give it rules with --rules, or serve it without by --unbound`,
  }));
}

/** Files whose services have no rules at all: not what somebody wants who serves them. */
function routeless(schema: Schema, table: RouteTable): Problem[] {
  const [first, ...others] = schema.services.filter(({ offeredBy }) => offeredBy.length === 0);
  if (first === undefined || table.bindings.length > 0) return [];
  const more = others.length === 0 ? 'has' : `and ${others.length} more have`;
  return [
    {
      severity: 'warning',
      ...(schema.where(first.name) ?? { file: first.file }),
      subject: first.name,
      reason: `${more} no HTTP rules, so that nothing is served: add google.api.http options, give rules with --rules, or serve without by --unbound`,
    },
  ];
}
