import { parentPort, workerData } from 'node:worker_threads';
import type { ExternalRule } from '../../annotations/external-rules.js';
import { link } from '../../proto/link.js';
import type { Result } from '../../proto/problem.js';
import type { SourceFiles } from '../../proto/schema.js';
import { finish } from '../../proto/steps.js';
import type { Config } from '../config/config.js';
import { pack } from '../sources/pack.js';
import { type Api, compileApi, readFiles } from './api.js';
import type { Job, Jobs } from './aside.js';
import { writeDocument } from './documents.js';

/** What a job makes, and the memory that goes along. */
interface Made<K extends keyof Jobs> {
  readonly made: Jobs[K]['makes'];
  readonly moved: readonly ArrayBuffer[];
}

async function load({ config, there }: Jobs['load']['needs']): Promise<Made<'load'>> {
  const local = await readFiles(config);
  if (!local.ok) return { made: local, moved: [] };
  const { files, rules } = local.value;
  const api = compile([...there, ...files], rules, config);
  if (!api.ok) return { made: api, moved: [] };
  const { sources, memory } = pack(files);
  return { made: { ok: true, value: { files: sources, rules }, warnings: local.warnings }, moved: [memory] };
}

function document({ config, files, rules, version, format }: Jobs['document']['needs']): Made<'document'> {
  const api = compile(files, rules, config);
  if (!api.ok) return { made: api, moved: [] };
  const value = writeDocument(api.value, config, version, format);
  return { made: { ok: true, value, warnings: [] }, moved: [value.buffer as ArrayBuffer] };
}

function compile(files: readonly SourceFiles[], rules: readonly ExternalRule[], config: Config): Result<Api> {
  const schema = link(files);
  return schema.ok ? finish(compileApi({ schema: schema.value, files, rules }, config)) : schema;
}

const job = workerData as Job;
const { made, moved } = job.kind === 'load' ? await load(job) : document(job);
parentPort?.postMessage(made, moved);
