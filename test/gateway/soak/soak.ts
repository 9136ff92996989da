import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type RunningGateway, startGateway } from '../../../gateway/index.js';
import { type Backend, startBackend } from '../../support/backend.js';
import { reachableBytes } from '../../support/memory.js';
import { protoOf } from '../api/many-routes.js';
import { breakers, harmlessSet } from './broken-sets.js';
import { type Seen, startTraffic } from './traffic.js';

/** How long a soak is. */
export interface Soak {
  /** Requests while generations change, and the reloads that they are spread over. */
  readonly requests: number;
  readonly reloads: number;
  /** Broken descriptor sets. */
  readonly broken: number;
  /** Services beside the one that is asked, five routes each. */
  readonly others: number;
  progress(line: string): void;
}

/** What came of it. */
export interface Soaked {
  readonly requests: number;
  /** Answers that failed, or that were not of one generation. */
  readonly failures: readonly string[];
  /** Reloads that should have been refused and were not, or the other way round. */
  readonly wrongReloads: readonly string[];
  /** What the stream that began before the first reload said, and how it ended. */
  readonly stream: string;
  /** By how much what is reachable has grown between the first reload and the last one, bytes. */
  readonly grown: number;
}

const CLIENTS = 8;

/** Broken sets beside the other services; the rest, without them, takes a fraction of the time. */
const LARGE_BROKEN = 50;

/** The proto of generation `n`: its path, and the name of the field that is answered, are its own. */
const protoOfGeneration = (n: number) => `syntax = "proto3"; package soak.v1; import "google/api/annotations.proto";
  service Soak {
    rpc Echo(EchoRequest) returns (EchoReply) {
      option (google.api.http) = { get: "/echo/{text}" additional_bindings { get: "/v${n}/echo/{text}" } };
    }
    rpc Watch(EchoRequest) returns (stream EchoReply) { option (google.api.http) = { get: "/watch/{text}" }; }
  }
  message EchoRequest { string text = 1; }
  message EchoReply { string said${n} = 1; }`;

/** Reloads under load, then reloads what is broken, and reports what went wrong. */
export async function soak(size: Soak): Promise<Soaked> {
  const folder = mkdtempSync(join(tmpdir(), 'protogate-soak-'));
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let running: RunningGateway | undefined;
  let backend: Backend | undefined;
  try {
    const proto = join(folder, 'soak.proto');
    const set = join(folder, 'set.binpb');
    const others = join(folder, 'others.proto');
    writeFileSync(proto, protoOfGeneration(0));
    writeFileSync(others, protoOf(size.others));
    writeFileSync(set, harmlessSet);
    backend = await startBackend(proto, {
      unary: { 'soak.v1.Soak.Echo': ({ request }) => ({ said0: request.text }) },
      stream: {
        async 'soak.v1.Soak.Watch'(_call, out) {
          out.write({ said0: 'first' });
          await ended;
          out.write({ said0: 'last' });
        },
      },
    });
    const files: Files = { proto, set, others, version: 0 };
    running = await start(files, backend.target);
    return await run(size, running, files, end);
  } finally {
    end();
    await running?.close({ graceMs: 0 });
    backend?.close();
    rmSync(folder, { recursive: true });
  }
}

/** Every answer says which version of the proto its generation was made of. */
function start(files: Files, target: string): Promise<RunningGateway> {
  return startGateway(
    {
      listen: '127.0.0.1:0',
      sources: { protos: [dirname(files.proto)], descriptorSets: [files.set], watch: false },
      upstreams: { default: { target } },
      // The stream waits for as long as all of it takes.
      policies: [{ select: '*', idleMs: 86_400_000 }],
      log: { level: 'silent' },
    },
    {
      setup(app) {
        const mine = String(files.version);
        app.addHook('onRequest', async (_request, reply) => {
          reply.header('x-generation', mine);
        });
      },
    },
  );
}

/** What the gateway reads. */
interface Files {
  readonly proto: string;
  readonly set: string;
  readonly others: string;
  /** Of the proto. */
  version: number;
}

async function run(size: Soak, { gateway, url }: RunningGateway, files: Files, end: () => void): Promise<Soaked> {
  const wrongReloads: string[] = [];
  const [watch] = (await once(get(`${url}/watch/a`), 'response')) as [IncomingMessage];
  let stream = '';
  watch.setEncoding('utf8').on('data', (chunk) => (stream += chunk));
  const over = once(watch, 'end');
  const traffic = startTraffic(url, CLIENTS, (n) => pathOf(n, files.version), judge);

  let first = 0;
  for (let n = 1; n <= size.reloads; n += 1) {
    files.version = n;
    writeFileSync(files.proto, protoOfGeneration(n));
    const reloaded = await gateway.reload('soak');
    if (!reloaded.ok) wrongReloads.push(`generation ${n}: ${reloaded.problems[0]?.reason}`);
    await traffic.served((size.requests * n) / size.reloads);
    if (n === 1) first = reachableBytes();
    size.progress(`${n} of ${size.reloads} reloads, ${traffic.count} requests, ${traffic.failures.length} failures`);
  }
  const kinds = Object.entries(breakers);
  for (let n = 0; n < size.broken; n += 1) {
    if (n === LARGE_BROKEN) {
      writeFileSync(files.others, protoOf(0));
      writeFileSync(files.set, harmlessSet);
      const reloaded = await gateway.reload('soak');
      if (!reloaded.ok) wrongReloads.push(`without others: ${reloaded.problems[0]?.reason}`);
    }
    const [kind, make] = kinds[n % kinds.length] ?? ['', () => new Uint8Array()];
    writeFileSync(files.set, make(n));
    const refused = await gateway.reload('soak');
    if (refused.ok || refused.problems.length === 0) wrongReloads.push(`${kind} (${n}) was taken`);
    if (n % 50 === 49)
      size.progress(`${n + 1} of ${size.broken} broken sets, ${traffic.count} requests, ${traffic.failures.length} failures`);
  }
  end();
  await over;
  await traffic.stop();
  const grown = (await settledBytes()) - first;
  return { requests: traffic.count, failures: traffic.failures, wrongReloads, stream, grown };
}

/** What is reachable when generations that have no requests any more have been closed. */
async function settledBytes(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 10; i += 1) {
    least = Math.min(least, reachableBytes());
    await setTimeout(200);
  }
  return least;
}

/** Mostly calls; now and then the document, and a path that only one generation has. */
function pathOf(n: number, generation: number): string {
  if (n % 50 === 0) return '/openapi.json';
  return n % 10 === 0 ? `/v${generation}/echo/${n}` : `/echo/${n}`;
}

/** Routes, codec and document are of the generation that answers. */
function judge(path: string, { status, generation, text }: Seen): string | undefined {
  const [, version, , said] = path.startsWith('/v') ? path.split('/') : ['', `v${generation}`, '', path.slice('/echo/'.length)];
  const fault = () => `generation ${generation} answered ${status} ${text.slice(0, 200)}`;
  // A path of a generation that has gone, or is not there yet.
  if (version !== `v${generation}`) return status === 404 ? undefined : fault();
  if (status !== 200) return fault();
  if (path !== '/openapi.json') return text === JSON.stringify({ [`said${generation}`]: said }) ? undefined : fault();
  const { paths, components } = JSON.parse(text);
  const reply = components.schemas.EchoReply ?? components.schemas['soak.v1.EchoReply'];
  return `/v${generation}/echo/{text}` in paths && `said${generation}` in reply.properties ? undefined : fault();
}
