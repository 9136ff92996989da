import type { Binding, RouteTable } from '../annotations/binding.js';
import { compileBindings } from '../annotations/compile.js';
import type { ExternalRule } from '../annotations/external-rules.js';
import { report } from '../annotations/lint/report.js';
import { clientStreaming } from '../annotations/lint/streaming.js';
import { createRouteTable } from '../annotations/table.js';
import { link } from '../proto/link.js';
import type { Problem, Result } from '../proto/problem.js';
import type { Schema } from '../proto/schema.js';
import { createDocument, type Document, type DocumentInput } from '../swagger/document.js';
import { deriveInfo } from '../swagger/info.js';
import { type Config, policyFallbacks } from './config.js';
import { resolveHomes } from './homes.js';
import { type Policies, resolvePolicies } from './policy.js';
import { remoteSources } from './remote-sources.js';
import { loadRules } from './rules/load.js';
import { loadSources } from './sources/load.js';
import { loadRemote, type Remote } from './sources/remote.js';

/** What a configuration serves: everything that is computed from its sources, before any request. */
export interface Api {
  readonly schema: Schema;
  readonly policies: Policies;
  readonly table: RouteTable;
  /** Made when it is first asked for. */
  document(version: '3.1' | '3.0'): Document;
}

/** Reads the sources of a configuration, those behind its upstreams included, and compiles them. */
export async function loadApi(config: Config, reach: Remote): Promise<Result<Api>> {
  const sources = await readSources(config, reach);
  return sources.ok ? compileApi(sources.value, config, sources.warnings) : sources;
}

/** What the sources of a configuration say. */
export interface Sources {
  readonly schema: Schema;
  /** From files beside the protos. */
  readonly rules: readonly ExternalRule[];
}

/** Reads the sources of a configuration, those behind its upstreams included, and links them. */
export async function readSources(config: Config, reach: Remote): Promise<Result<Sources>> {
  const remote = await loadRemote(remoteSources(config), reach);
  if (!remote.ok) return remote;
  const local = await loadSources(config.sources);
  if (!local.ok) return local;
  const rules = await loadRules(config.sources.rules);
  if (!rules.ok) return rules;
  const schema = link([...remote.value, ...local.value]);
  if (!schema.ok) return schema;
  const warnings = [...remote.warnings, ...local.warnings, ...rules.warnings, ...schema.warnings];
  return { ok: true, value: { schema: schema.value, rules: rules.value }, warnings };
}

/** What a configuration makes of its sources. `before` are warnings that stand before those of the routes. */
export function compileApi({ schema, rules }: Sources, config: Config, before: readonly Problem[]): Result<Api> {
  const { homes, warnings: idle } = resolveHomes(config.upstreams, schema.services);
  const { policies, warnings } = resolvePolicies(config.policies, schema.methods, homes, policyFallbacks(config));
  const bindings = compileBindings(schema, {
    invalidRules: config.invalidRules,
    conflicts: config.conflicts,
    expose: (method) => policies.of(method).expose,
    unbound: (method) => policies.of(method).unbound,
    external: { rules, mode: config.rules },
  });
  if (!bindings.ok) return bindings;
  const misplaced = [...missingUpstreams(bindings.value, policies, config), ...contestedServices(bindings.value, policies)];
  if (misplaced.length > 0) return { ok: false, problems: misplaced };
  const table = createRouteTable(bindings.value);
  return {
    ok: true,
    value: { schema, policies, table, document: documents(schema, policies, table, config) },
    warnings: [...before, ...idle, ...warnings, ...bindings.warnings, ...unserved(schema, table), ...unruled(schema, table)],
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

/** Methods that have a rule and cannot be served over plain HTTP. */
function unserved(schema: Schema, table: RouteTable): Problem[] {
  return table.bindings.flatMap((binding) => {
    const reason = clientStreaming(binding);
    return reason === undefined ? [] : report(schema, binding, 'client-streaming', reason);
  });
}

/** Services that a server offers and of which nothing is served: it may leave out custom options, as some do, or never had any. */
function unruled(schema: Schema, table: RouteTable): Problem[] {
  const ruled = new Set(table.bindings.map((b) => b.method.service));
  const idle = schema.services.filter((service) => service.offeredBy.length > 0 && !ruled.has(service));
  return idle.map(({ name, offeredBy }) => ({
    severity: 'warning',
    subject: name,
    reason: `came without HTTP rules from upstream ${offeredBy.join(' and ')}, and is not served: give it rules with --rules, or serve it without by --unbound`,
  }));
}

function documents(schema: Schema, policies: Policies, table: RouteTable, config: Config): Api['document'] {
  const made = new Map<string, Document>();
  const input: DocumentInput = {
    schema,
    bindings: table.bindings,
    info: deriveInfo(table.bindings, infoOf(config.docs)),
    print: config.json,
    errors: (binding) => policies.of(binding.method).errors,
    streams: (binding) => {
      const { streamEnvelope: envelope, streamForm: form } = policies.of(binding.method);
      return { envelope, form };
    },
    patchMask: config.patchMask,
    servers: [{ url: rootFrom(config.docs.document) }],
  };
  return function document(version) {
    const known = made.get(version) ?? createDocument({ ...input, version });
    made.set(version, known);
    return known;
  };
}

function infoOf({ title, version }: Config['docs']): { title?: string; version?: string } {
  return { ...(title === undefined ? {} : { title }), ...(version === undefined ? {} : { version }) };
}

/** The API's root as seen from the document, so that it is right below any prefix: `/openapi.json` -> `.`, `/docs/v1/openapi.json` -> `../..`. */
function rootFrom(document: string): string {
  const folders = document.split('/').length - 2;
  return folders === 0 ? '.' : Array(folders).fill('..').join('/');
}
