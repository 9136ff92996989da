import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from './cases.js';
import { envoyConfig } from './envoy.js';
import type { Load } from './load.js';
import type { Command } from './process.js';
import { PROTO, PROTO_FOLDER } from './schema.js';
import { envoy, findTool, grpcGateway, structuredProxy } from './tools.js';

/** What a gateway is started with. */
export interface Place {
  readonly port: number;
  readonly backendPort: number;
  /** Holds what `writeMessages` wrote, and takes configuration files. */
  readonly folder: string;
}

/** Something that is measured. */
export interface Target {
  readonly name: string;
  readonly version: string;
  /** Names of the cases it can answer; undefined = all. */
  readonly cases?: readonly string[];
  /** Answers 200 as soon as it serves. */
  readonly readyPath: string;
  command(place: Place): Command;
  /** For a target that makes its own load. */
  load?(url: string, of: Case, seconds: number): Promise<Load>;
}

const READY = '/v1/shelves/lantern/books/1001';

type Lane = 'h2' | 'grpc-js';

const lanes: readonly Lane[] = ['h2', 'grpc-js'];

/** A build of this gateway. */
export interface Program {
  /** What its targets' names end with. */
  readonly suffix: string;
  readonly version: string;
  /** Path of its command line. */
  readonly cli: string;
}

const thisOne: Program = { suffix: '', version: versionOf('../../../package.json'), cli: script('../../gateway/cli/main.js') };

/** This gateway, or an older one, by one of its lanes. */
export function protogate(lane: Lane, { suffix, version, cli }: Program = thisOne): Target {
  return {
    name: `protogate ${lane}${suffix}`,
    version,
    readyPath: READY,
    command({ port, backendPort, folder }) {
      const config = {
        listen: `127.0.0.1:${port}`,
        sources: { protos: [join(PROTO_FOLDER, PROTO)], importPaths: [PROTO_FOLDER] },
        upstreams: { default: { target: `127.0.0.1:${backendPort}`, lane } },
      };
      const file = join(folder, `protogate-${port}.yaml`);
      writeFileSync(file, JSON.stringify(config));
      return { file: process.execPath, args: [cli, '-c', file] };
    },
  };
}

/** The floor of HTTP: Fastify answers bytes that it has, without a gateway. */
const fastify: Target = {
  name: 'fastify constant',
  version: versionOf('fastify/package.json'),
  cases: ['get', 'post', 'list', 'text', 'get-1', 'get-256'],
  readyPath: READY,
  command: ({ port }) => ({ file: process.execPath, args: [script('constant.js'), `${port}`] }),
};

/** The floor of gRPC: calls without HTTP in front and without JSON. */
function bareCalls(lane: Lane): Target {
  return {
    name: `calls ${lane}`,
    version: versionOf('../../../package.json'),
    cases: ['get', 'post', 'list', 'text', 'get-1', 'get-256'],
    readyPath: '/',
    command: ({ port, backendPort }) => ({ file: process.execPath, args: [script('calls.js'), lane, `${port}`, `${backendPort}`] }),
    async load(url, { rpc, connections }, seconds) {
      const response = await fetch(`${url}/?rpc=${rpc}&concurrency=${connections}&seconds=${seconds}`, { method: 'POST' });
      return (await response.json()) as Load;
    },
  };
}

const ours: readonly Target[] = [...lanes.map((lane) => protogate(lane)), fastify, ...lanes.map(bareCalls)];

const peers: ReadonlyMap<typeof envoy, Target['command']> = new Map([
  [
    grpcGateway,
    ({ port, backendPort }: Place) => ({
      file: grpcGateway.file,
      args: ['-listen', `127.0.0.1:${port}`, '-upstream', `127.0.0.1:${backendPort}`],
    }),
  ],
  [
    structuredProxy,
    ({ port, backendPort, folder }: Place) => {
      const file = join(folder, 'structured-proxy.yaml');
      const config = {
        listen: { http: `127.0.0.1:${port}` },
        upstream: { default: `http://127.0.0.1:${backendPort}` },
        descriptors: [{ file: join(folder, 'library.binpb') }],
        service: { name: 'bench' },
      };
      writeFileSync(file, JSON.stringify(config));
      return { file: structuredProxy.file, args: ['--config', file] };
    },
  ],
  [
    envoy,
    ({ port, backendPort, folder }: Place) => {
      const file = join(folder, 'envoy.json');
      writeFileSync(file, JSON.stringify(envoyConfig(port, backendPort, join(folder, 'library.binpb'))));
      return { file: envoy.file, args: ['-c', file, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'error'] };
    },
  ],
]);

/** Names of all targets, those too that are not to be had here. */
export const targetNames: readonly string[] = [...ours, ...peers.keys()].map(({ name }) => name);

/** The asked targets that can be had, and `older` ones of the same names; says of the others why not. */
export function findTargets(asked: (name: string) => boolean, build: boolean, older: Program | undefined): readonly Target[] {
  const found = ours.filter(({ name }) => asked(name));
  if (older !== undefined) found.push(...lanes.filter((lane) => asked(protogate(lane).name)).map((lane) => protogate(lane, older)));
  for (const [tool, command] of peers) {
    if (!asked(tool.name)) continue;
    const there = findTool(tool, build);
    if (typeof there === 'string') console.error(there);
    else found.push({ name: tool.name, version: tool.version, readyPath: READY, command });
  }
  return found;
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function versionOf(packageJson: string): string {
  const { version }: { readonly version: string } = createRequire(import.meta.url)(packageJson);
  return version;
}
