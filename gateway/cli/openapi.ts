import type { Problem } from '../../proto/problem.js';
import { documentYaml } from '../../swagger/yaml.js';
import { describeApi } from '../api/documents.js';
import type { Config } from '../config/config.js';
import { load, warn } from './load.js';
import type { Terminal } from './terminal.js';

/** Options of `protogate openapi`. */
export interface OpenapiOptions {
  readonly format: 'json' | 'yaml';
  readonly openapi: '3.1' | '3.0';
}

/** Prints the OpenAPI document. */
export async function openapi(config: Config, { format, openapi }: OpenapiOptions, terminal: Terminal): Promise<0 | readonly Problem[]> {
  const api = await load(config);
  if (!api.ok) return api.problems;
  const { bytes, warnings } = describeApi(api.value, config, openapi);
  warn(warnings, terminal);
  terminal.out(new TextDecoder().decode(format === 'yaml' ? documentYaml(bytes) : bytes));
  return 0;
}
