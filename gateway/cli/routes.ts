import type { Binding } from '../../annotations/binding.js';
import type { Problem } from '../../proto/problem.js';
import type { Config } from '../config.js';
import { compare, load, warn } from './load.js';
import { columns, type Terminal } from './terminal.js';

/** Lists the routes in order of their templates: HTTP method, template, what it calls. */
export async function routes(config: Config, terminal: Terminal): Promise<0 | readonly Problem[]> {
  const api = await load(config);
  if (!api.ok) return api.problems;
  warn(api.warnings, terminal);
  const rows = api.value.table.bindings.map((b) => [b.httpMethod, b.template.text, b.method.name, kindOf(b)]);
  terminal.out(columns(rows.sort((a, b) => compare(a[1], b[1]) || compare(a[0], b[0]))));
  return 0;
}

function kindOf({ method }: Binding): string {
  if (method.clientStream) return method.serverStream ? 'bidi stream' : 'client stream';
  return method.serverStream ? 'server stream' : '';
}
