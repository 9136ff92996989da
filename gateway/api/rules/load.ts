import { existsSync } from 'node:fs';
import type { ExternalRule } from '../../../annotations/external-rules.js';
import type { Problem, Result } from '../../../proto/problem.js';
import { readConfigFile } from '../../config/file.js';
import { parseServiceConfig } from './service-config.js';

/** Reads rules files in their order, which decides. Each has at most 1 MiB. Everything that is wrong is told at once, by file and line. */
export async function loadRules(files: readonly string[]): Promise<Result<readonly ExternalRule[]>> {
  const rules: ExternalRule[] = [];
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const file of files) {
    const parsed = await loadFile(file);
    if (!parsed.ok) problems.push(...parsed.problems);
    else {
      rules.push(...parsed.value);
      warnings.push(...parsed.warnings);
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: rules, warnings };
}

async function loadFile(file: string): Promise<Result<readonly ExternalRule[]>> {
  if (file.endsWith('.proto') && existsSync(file)) {
    const reason = 'is .proto source, expected YAML or JSON: give it with --proto (sources.protos)';
    return { ok: false, problems: [{ severity: 'error', file, subject: 'rules file', reason }] };
  }
  const text = await readConfigFile(file, 'rules file');
  return text.ok ? parseServiceConfig(file, text.value) : text;
}
