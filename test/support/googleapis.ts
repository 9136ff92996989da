import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { splitFileDescriptorSet } from '../../proto/descriptor/read.js';

const { resolve } = createRequire(import.meta.url);

/** Protobuf's own protos come with protoc; those of the package are another version, and partly tests that lack their imports. */
const LEFT_OUT = 'google/protobuf';

/** All public protos of Google's APIs, some 8,000 files, as FileDescriptorProtos with source info. Takes protoc about ten seconds. */
export function compileGoogleapis(): Uint8Array[] {
  const root = dirname(resolve('google-proto-files/package.json'));
  const protoc = dirname(resolve('protoc/package.json'));
  const folder = mkdtempSync(join(tmpdir(), 'protogate-'));
  try {
    const names = ['google', 'grafeas']
      .flatMap((top) => readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((name) => `${top}/${name}`))
      .filter((name) => name.endsWith('.proto') && !name.startsWith(LEFT_OUT));
    const [list, set] = [join(folder, 'files.txt'), join(folder, 'set.binpb')];
    writeFileSync(list, names.join('\n'));
    const flags = [
      `-I${root}`,
      `-I${join(protoc, 'include')}`,
      '--include_imports',
      '--include_source_info',
      `--descriptor_set_out=${set}`,
    ];
    spawnSync(process.execPath, [join(protoc, 'protoc.cjs'), ...flags, `@${list}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
      maxBuffer: 2 ** 26,
    });
    return splitFileDescriptorSet(readFileSync(set));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
