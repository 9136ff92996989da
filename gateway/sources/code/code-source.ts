import { splitFileDescriptorSet } from '../../../proto/descriptor/read.js';
import { writeFileDescriptor } from '../../../proto/descriptor/write.js';
import type { Problem, Result } from '../../../proto/problem.js';
import type { SourceFiles } from '../../../proto/schema.js';
import { strangeness } from '../descriptor-set.js';
import { sourceProblem } from '../problem.js';
import { versionOf } from '../version.js';
import { type OfficialNames, officialNames } from './official-names.js';
import { filesOfDefinition, type GrpcPackageDefinition } from './package-definition.js';
import { filesOfRoot, type ProtobufjsRoot } from './protobufjs-root.js';
import { type DescriptorRegistry, filesOfRegistry } from './registry.js';
import { separate } from './separate.js';

/**
 * Descriptors that a program has: the bytes of a FileDescriptorSet, a `FileRegistry` of `@bufbuild/protobuf`, a `Root` of `protobufjs`, or a package
 * definition of `@grpc/proto-loader`. None of these packages is needed otherwise.
 */
export type DescriptorSource = Uint8Array | DescriptorRegistry | ProtobufjsRoot | GrpcPackageDefinition;

/** Reads descriptors that a program has, each a source of its own. */
export async function readDescriptors(sources: readonly DescriptorSource[]): Promise<Result<SourceFiles[]>> {
  if (sources.length === 0) return { ok: true, value: [], warnings: [] };
  const official = await officialNames();
  const problems: Problem[] = [];
  const value = sources.flatMap((source, i): readonly SourceFiles[] => {
    const origin = `descriptors[${i}]`;
    try {
      const files = filesOf(source, official);
      if (typeof files !== 'string') return [{ origin, version: versionOf(files), files }];
      problems.push(sourceProblem(origin, files));
    } catch (error) {
      problems.push(sourceProblem(origin, `cannot be read: ${error instanceof Error ? error.message : String(error)}`));
    }
    return [];
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value, warnings: [] };
}

/** Serialized files, or why there are none. */
function filesOf(source: DescriptorSource, official: OfficialNames): readonly Uint8Array[] | string {
  if (source instanceof Uint8Array) return strangeness(source) ?? splitFileDescriptorSet(source);
  const files = serialize(source, official);
  return files.length > 0 ? files : EXPECTED;
}

function serialize(source: Exclude<DescriptorSource, Uint8Array>, official: OfficialNames): readonly Uint8Array[] {
  const { schema } = official;
  if (isRegistry(source)) return filesOfRegistry(source, schema);
  const files = isRoot(source) ? filesOfRoot(source, schema) : filesOfDefinition(source, schema);
  return separate(files, official).map(writeFileDescriptor);
}

const EXPECTED =
  'has no types: expected the bytes of a FileDescriptorSet, a FileRegistry of @bufbuild/protobuf, a Root of protobufjs or a package definition of @grpc/proto-loader';

function isRegistry(source: object): source is DescriptorRegistry {
  return 'kind' in source && source.kind === 'registry' && 'files' in source;
}

function isRoot(source: object): source is ProtobufjsRoot {
  return 'nestedArray' in source && 'resolveAll' in source;
}
