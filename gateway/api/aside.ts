import { Worker } from 'node:worker_threads';
import type { ExternalRule } from '../../annotations/external-rules.js';
import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import type { OpenApiVersion } from '../../swagger/document.js';
import type { DocumentFormat } from '../../swagger/ui.js';
import type { Config } from '../config/config.js';

/** Work that is done aside, in a thread of its own, and what comes of it. */
export interface Jobs {
  /** Reads the sources that are files, and tries whether they make an API together with those that are there. */
  readonly load: {
    readonly needs: { readonly config: Config; readonly there: readonly SourceFiles[] };
    readonly makes: Result<{ readonly files: readonly SourceFiles[]; readonly rules: readonly ExternalRule[] }>;
  };
  /** Writes the OpenAPI document of sources that are known to be right. */
  readonly document: {
    readonly needs: {
      readonly config: Config;
      readonly files: readonly SourceFiles[];
      readonly rules: readonly ExternalRule[];
      readonly version: OpenApiVersion;
      readonly format: DocumentFormat;
    };
    readonly makes: Result<Uint8Array>;
  };
}

/** A job as the thread gets it. */
export type Job = { [K in keyof Jobs]: { readonly kind: K } & Jobs[K]['needs'] }[keyof Jobs];

/** A thread takes longer to begin than fewer routes take to be loaded, file by file, or described. */
export const FEW_ROUTES = 100;

/** Memory that a thread may use beside the bytes of files, MiB: sources that need more are refused, and the process lives on. */
const MAX_HEAP_MIB = 4096;

/** Does a job in a thread of its own. A thread that fails (out of memory, most likely) is a problem like any other. */
export async function doAside<K extends keyof Jobs>(kind: K, needs: Jobs[K]['needs']): Promise<Jobs[K]['makes']> {
  const worker = new Worker(new URL('./aside-worker.js', import.meta.url), {
    workerData: { kind, ...needs },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
  });
  try {
    return await new Promise<Jobs[K]['makes']>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)));
    });
  } catch (error) {
    const reason = `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, problems: [{ severity: 'error', subject: 'sources', reason }] };
  } finally {
    void worker.terminate();
  }
}
