import type { Problem, Result } from '../../../proto/problem.js';
import type { SourceFiles } from '../../../proto/schema.js';
import { WireFormatError } from '../../../proto/wire/reader.js';
import type { CallOptions, Metadata } from '../../upstream/call.js';
import type { Upstream } from '../../upstream/upstream.js';
import { MAX_REFLECTED_BYTES } from '../limits.js';
import { loadOfficial } from '../official.js';
import { versionOf } from '../version.js';
import { completeImports, type Files, OFFICIAL_NAME } from './complete-imports.js';
import { Conversation } from './conversation.js';
import { explain, printable, ReflectionFailure } from './failure.js';
import { type Gathered, gather } from './gather.js';

/** Whom to ask, and how. */
export interface ReflectionOptions {
  /** Of the upstream, in configuration and messages. */
  readonly name: string;
  readonly target: string;
  /** Longest time for everything, ms. */
  readonly timeoutMs: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Services to take: `pkg.Service`, `pkg.*` or `*`; empty = all but those of the package `grpc`. */
  readonly services: readonly string[];
}

/** What a server says that it offers. */
export interface Reflected {
  /** Changes whenever the answer does. */
  readonly version: string;
  /** Its own files, and apart from them its copies of official ones. */
  readonly sources: readonly SourceFiles[];
  readonly services: readonly string[];
  /** Services that it lists but does not describe. */
  readonly lacking: readonly string[];
}

/** Asks one server, over one stream, what it offers: by grpc.reflection.v1, and by v1alpha if it does not know that. */
export async function reflect(upstream: Upstream, options: ReflectionOptions): Promise<Result<Reflected>> {
  try {
    const gathered = await converse(upstream, options);
    const files = await complete(gathered.files);
    return { ok: true, value: createReflected({ ...gathered, files }, options), warnings: describeLacking(gathered, options) };
  } catch (error) {
    if (!(error instanceof ReflectionFailure)) throw error;
    const reason = await explain(error, options.name, options.timeoutMs, upstream);
    return { ok: false, problems: [{ severity: 'error', subject: subjectOf(options), reason, temporary: true }] };
  }
}

/** What messages call a server: `upstream books (books.internal:443)`. */
export function subjectOf({ name, target }: Pick<ReflectionOptions, 'name' | 'target'>): string {
  return `upstream ${name} (${target})`;
}

async function converse(upstream: Upstream, { metadata, timeoutMs, services }: ReflectionOptions): Promise<Gathered> {
  const headers: Metadata = Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]);
  const options: CallOptions = { metadata: headers, deadline: performance.now() + timeoutMs };
  const isWanted = (service: string) => wants(services, service);
  for (const version of ['v1', 'v1alpha']) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const invoker = upstream.invoker({ path, serverStream: true }, { maxReply: MAX_REFLECTED_BYTES });
    const conversation = new Conversation(invoker, options, MAX_REFLECTED_BYTES);
    try {
      return await gather(conversation, isWanted);
    } catch (error) {
      const isUnknown = error instanceof ReflectionFailure && error.status?.code === UNIMPLEMENTED && !conversation.answered;
      if (!isUnknown || version === 'v1alpha') throw error;
    } finally {
      await conversation.close();
    }
  }
  throw new Error('unreachable');
}

const UNIMPLEMENTED = 12;

function wants(selectors: readonly string[], service: string): boolean {
  if (selectors.length === 0) return !service.startsWith('grpc.');
  return selectors.some((s) => s === '*' || s === service || (s.endsWith('.*') && service.startsWith(s.slice(0, -1))));
}

/** Source info is read only where imports are added. */
async function complete(files: Files): Promise<Files> {
  try {
    return await completeImports(files, officialFiles);
  } catch (error) {
    if (!(error instanceof WireFormatError)) throw error;
    throw new ReflectionFailure(`it sends a file that is no FileDescriptorProto: ${error.message}`);
  }
}

async function officialFiles(): Promise<readonly Uint8Array[]> {
  const official = await loadOfficial();
  return official.ok ? official.value.files : [];
}

/** A server has official files as old as its own build. */
function createReflected({ files, services, lacking }: Gathered, options: ReflectionOptions): Reflected {
  const origin = `server reflection of ${subjectOf(options)}`;
  const part = (official: boolean) => [...files].filter(([name]) => OFFICIAL_NAME.test(name) === official).map(([, bytes]) => bytes);
  const source = (bytes: readonly Uint8Array[], offered: readonly string[]): SourceFiles => ({
    origin,
    version: versionOf(bytes),
    files: bytes,
    offer: { by: options.name, services: offered },
  });
  const sources = [source(part(false), services), { ...source(part(true), []), fallback: true }];
  const names = new TextEncoder().encode([...services, '', ...lacking.keys()].join('\n'));
  return { version: versionOf([...files.values(), names]), sources, services, lacking: [...lacking.keys()] };
}

function describeLacking({ lacking }: Gathered, options: ReflectionOptions): readonly Problem[] {
  return [...lacking].map(([service, why]) => ({
    severity: 'warning',
    subject: subjectOf(options),
    reason: `lists the service ${printable(service)} but does not describe it (${why}), so that it is left out`,
  }));
}
