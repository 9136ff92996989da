import { Counter, Registry } from '@prometheus-io/client';
import type { Problem, Result } from '../../proto/problem.js';
import { type Config, policyDefaults, type UpstreamConfig } from '../config/config.js';
import type { Logger } from '../exchange/logger.js';
import type { Lane } from '../upstream/call.js';
import { createUpstream, type UpstreamOptions } from '../upstream/create.js';
import { grpcJsLane } from '../upstream/grpc-js/lane.js';
import { h2Lane } from '../upstream/h2/lane.js';
import { isFollowed, parseTarget } from '../upstream/target.js';
import type { Upstream } from '../upstream/upstream.js';
import { UpstreamHealth } from './upstream-health.js';
import { readTls } from './upstream-tls.js';

/** What outlives generations: connections, state of plugins, the log. */
export interface Runtime {
  /** The upstream of that name; throws if the configuration has none. */
  upstream(name: string): Upstream;
  readonly log: Logger;
  /** Numbers for Prometheus, those of a user's own plugins as well: register there once, not once a generation. */
  readonly metrics: Registry;
  /** State of a user's own plugins (limit stores, caches) by name, kept over reloads. */
  readonly stores: Map<string, unknown>;
  /** Requests can be served: no drain has begun, and no upstream is known to be down. */
  ready(): boolean;
  upstreams(): readonly UpstreamState[];
  /** Logs and counts an exception that nobody expected. `about`: for the log. */
  readonly fault: (error: unknown, about: Readonly<Record<string, unknown>>) => void;
}

/** How an upstream is. */
export interface UpstreamState {
  readonly name: string;
  readonly target: string;
  /** It is not known to be down. */
  readonly ready: boolean;
  /** Why it is down, if that is known: words for an operator. */
  readonly why: string | undefined;
}

/** The upstreams of a configuration, open but not those of the runtime yet. */
export interface Adoption {
  /** The upstream of that name; throws if the configuration has none. */
  upstream(name: string): Upstream;
  /** From now on they are those of the runtime. */
  take(): void;
  /** Closes the upstreams that the configuration no longer names. */
  commit(graceMs: number): Promise<void>;
  /** Goes back to the upstreams that were there before, and closes those that only this configuration has. */
  revert(): Promise<void>;
}

/** A runtime and what only its owner may do. */
export interface OwnedRuntime extends Runtime {
  /** Opens the upstreams of a configuration; unchanged ones stay, with their connections. One adoption at a time. */
  adopt(config: Config): Promise<Result<Adoption>>;
  /** From now on not ready. */
  drain(): void;
  close(graceMs: number): Promise<void>;
}

/** An upstream and what it was made from. */
interface Held {
  readonly key: string;
  readonly target: string;
  readonly upstream: Upstream;
  /** May change while it stays. */
  readonly limits: UpstreamConfig['limits'];
}

const lanes: Readonly<Record<UpstreamConfig['lane'], Lane>> = { auto: h2Lane, h2: h2Lane, 'grpc-js': grpcJsLane };

type HeldByName = ReadonlyMap<string, Held>;

/** A runtime without upstreams: `adopt` brings them. */
export function createRuntime(log: Logger): OwnedRuntime {
  let held: HeldByName = new Map();
  const health = new WeakMap<Upstream, UpstreamHealth>();
  let draining = false;
  const close = (those: readonly Held[], graceMs: number) => {
    for (const { upstream } of those) health.get(upstream)?.end();
    return closeAll(those, graceMs);
  };
  const metrics = new Registry();
  const faults = new Counter({ name: 'protogate_faults_total', help: 'Exceptions that nobody expected.', registers: [metrics] });
  return {
    log,
    metrics,
    fault(error, about) {
      faults.inc();
      log.error({ ...about, err: error instanceof Error ? error : new Error(String(error)) }, 'a fault of the gateway');
    },
    stores: new Map(),
    async adopt(config) {
      const before = held;
      const next = await openUpstreams(config, before, log);
      if (!next.ok) return next;
      const adoption: Adoption = {
        upstream: (name) => named(next.value, name),
        take() {
          held = next.value;
          limit(held);
          for (const [name, { upstream, target }] of held)
            if (!health.has(upstream)) health.set(upstream, new UpstreamHealth({ name, target, upstream }, log));
        },
        commit: (graceMs) => close(without(before, next.value), graceMs),
        revert() {
          held = before;
          limit(held);
          return close(without(next.value, before), 0);
        },
      };
      return { ok: true, value: adoption, warnings: next.warnings };
    },
    upstream: (name) => named(held, name),
    ready: () => !draining && [...held.values()].every(({ upstream }) => upstream.ready()),
    upstreams: () =>
      [...held].map(([name, { target, upstream }]) => {
        const ready = upstream.ready();
        return { name, target, ready, why: ready ? undefined : health.get(upstream)?.why };
      }),
    drain() {
      draining = true;
    },
    close: (graceMs) => close([...held.values()], graceMs),
  };
}

function named(held: HeldByName, name: string): Upstream {
  const found = held.get(name);
  if (found === undefined) throw new Error(`no upstream is named "${name}"`);
  return found.upstream;
}

async function closeAll(those: readonly Held[], graceMs: number): Promise<void> {
  await Promise.all(those.map(({ upstream }) => upstream.close(graceMs)));
}

function limit(those: HeldByName): void {
  for (const { upstream, limits } of those.values()) upstream.limit(limits);
}

function without(these: HeldByName, those: HeldByName): Held[] {
  const kept = new Set([...those.values()].map(({ upstream }) => upstream));
  return [...these.values()].filter(({ upstream }) => !kept.has(upstream));
}

/** What follows a registry is loaded only where a target names one. */
async function open(o: UpstreamOptions, log: Logger): Promise<Upstream> {
  const { dns, etcd } = o.target;
  if (etcd !== undefined) return (await import('../discovery/etcd/follow.js')).followEtcd(o, etcd, log);
  if (dns === undefined) return createUpstream(o);
  const { followDns } = await import('../discovery/dns/follow.js');
  return followDns(o, log);
}

async function openUpstreams(config: Config, before: HeldByName, log: Logger): Promise<Result<HeldByName>> {
  const maxMessage = Math.max(policyDefaults.maxReply, ...config.policies.flatMap((p) => [p.maxReply ?? 0, p.maxItem ?? 0]));
  const next = new Map<string, Held>();
  const problems: Problem[] = [];
  for (const [name, options] of Object.entries(config.upstreams)) {
    const tls = await readTls(name, options.tls);
    const target = parseTarget(options.target);
    if (!tls.ok || !target.ok) {
      problems.push(...(tls.ok ? [] : tls.problems), ...(target.ok ? [] : target.problems));
      continue;
    }
    const made = {
      name,
      target: isFollowed(target.value) && options.tls !== undefined ? { ...target.value, tls: true } : target.value,
      tls: tls.value,
      maxMessage,
      connectTimeoutMs: options.connectTimeoutMs,
      keepAlive: options.keepAlive,
      idleTimeoutMs: options.idleTimeoutMs,
    };
    const key = JSON.stringify({ ...made, lane: options.lane });
    const { limits } = options;
    const known = before.get(name);
    const upstream = known?.key === key ? known.upstream : await open({ ...made, limits, lane: lanes[options.lane] }, log);
    next.set(name, { key, target: options.target, upstream, limits });
  }
  if (problems.length === 0) return { ok: true, value: next, warnings: [] };
  await closeAll(without(next, before), 0);
  return { ok: false, problems };
}
