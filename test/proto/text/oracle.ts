import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readFileDescriptor, splitFileDescriptorSet } from '../../../proto/descriptor/read.js';
import type { Result } from '../../../proto/problem.js';
import { type CompiledFile, compileProtos } from '../../../proto/text/compile.js';

const require = createRequire(import.meta.url);

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '../../../..');
/** The official protos, below `google/`. */
export const VENDORED = join(ROOT, 'proto');

/** Folder of an npm package; undefined if it is not installed. */
export function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** What protoc makes of files: import name -> serialized descriptor, or what it says against them. */
export type ProtocResult =
  | { readonly ok: true; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly ok: false; readonly said: string };

/** The program behind the npm package, without the Node script around it: hundreds of runs are quicker so. */
function protocCommand(): string {
  const folder = packageFolder('protoc') ?? '';
  const assets: unknown = JSON.parse(readFileSync(join(folder, 'assets.json'), 'utf8'));
  const list = Array.isArray(assets) ? (assets as readonly { platform: string; arch: string; executable: string }[]) : [];
  const asset = list.find(({ platform, arch }) => platform === process.platform && arch === process.arch);
  return join(folder, 'bin', asset?.executable ?? 'protoc');
}

/** Runs protoc as its users do who want all there is in a descriptor set. */
export function runProtoc(roots: readonly string[], names: readonly string[]): ProtocResult {
  const folder = mkdtempSync(join(tmpdir(), 'protogate-'));
  try {
    const out = join(folder, 'set.binpb');
    const flags = [...roots.map((root) => `-I${root}`), '--include_imports', '--include_source_info', `-o${out}`];
    const { status, stderr } = spawnSync(protocCommand(), [...flags, ...names], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (status !== 0) return { ok: false, said: stderr };
    const files = splitFileDescriptorSet(readFileSync(out)).map((bytes) => [readFileDescriptor(bytes).name ?? '', bytes] as const);
    return { ok: true, files: new Map(files) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What we make of the same files. */
export function runOurs(roots: readonly string[], names: readonly string[]): Result<readonly CompiledFile[]> {
  const read = (name: string) => {
    const path = roots.map((root) => join(root, name)).find((each) => statSync(each, { throwIfNoEntry: false })?.isFile());
    return path === undefined ? undefined : readFileSync(path, 'utf8');
  };
  const entries = names.map((name) => ({ name, text: read(name) ?? '' }));
  return compileProtos(entries, { read, missing: () => 'is missing' });
}

/** Text of an official proto, for imports. */
export function readVendored(name: string): string | undefined {
  const path = join(VENDORED, name);
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : undefined;
}
