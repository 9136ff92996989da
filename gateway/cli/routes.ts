import type { Binding } from '../../annotations/binding.js';
import { placeOf } from '../../annotations/describe.js';
import type { Problem } from '../../proto/problem.js';
import type { MethodType, Schema } from '../../proto/schema.js';
import type { Config } from '../config/config.js';
import { compare, load, warn } from './load.js';
import { queryNames } from './query-names.js';
import { columns, type Terminal } from './terminal.js';

/** Options of `protogate routes`. */
export interface RoutesOptions {
  readonly format: 'table' | 'json';
  /** Also methods that have no rule. */
  readonly all: boolean;
  /** Only routes that match all of these. */
  readonly filters: readonly string[];
}

/** A route as it is listed, or a method that has none. */
interface Listed {
  readonly method: string | null;
  readonly path: string | null;
  readonly rpc: string;
  readonly stream: 'client' | 'server' | 'bidi' | null;
  /** `*`, or the field that the body sets. */
  readonly body: string | null;
  readonly responseBody: string | null;
  readonly query: readonly string[];
  readonly origin: Binding['origin'] | null;
  readonly file: string;
  readonly line: number | null;
}

/** Lists the routes in order of their templates, and methods without rules behind them. Answers 1 if filters leave none. */
export async function routes(
  config: Config,
  { format, all, filters }: RoutesOptions,
  terminal: Terminal,
): Promise<0 | 1 | readonly Problem[]> {
  const api = await load(config);
  if (!api.ok) return api.problems;
  warn(api.warnings, terminal);
  const { schema, table, unruled } = api.value;
  const served = table.bindings
    .map((binding) => list(binding, schema, config.json.protoNames))
    .sort((a, b) => compare(a.path ?? '', b.path ?? '') || compare(a.method ?? '', b.method ?? ''));
  const others = all ? unruled.methods.map((method) => listUnruled(method, schema)).sort((a, b) => compare(a.rpc, b.rpc)) : [];
  const listed = [...served, ...others].filter((route) => filters.every((filter) => matches(route, filter)));
  terminal.out(format === 'json' ? `${JSON.stringify(listed, undefined, 2)}\n` : printTable(listed));
  if (listed.length > 0 || filters.length === 0) return 0;
  terminal.err(`protogate: no route matches ${filters.join(' ')}\n`);
  return 1;
}

function list(binding: Binding, schema: Schema, protoNames: boolean): Listed {
  const { httpMethod, template, method, body, response, origin } = binding;
  const place = placeOf(schema, binding);
  return {
    method: httpMethod,
    path: template.text,
    rpc: method.name,
    stream: streamOf(method),
    body: body === 'none' ? null : body === '*' ? '*' : nameOf(body),
    responseBody: response.length === 0 ? null : nameOf(response),
    query: queryNames(binding, protoNames),
    origin,
    file: place.file,
    line: 'line' in place ? place.line : null,
  };
}

function listUnruled(method: MethodType, schema: Schema): Listed {
  const place = placeOf(schema, { method });
  return {
    ...{ method: null, path: null, rpc: method.name, stream: streamOf(method), body: null, responseBody: null, query: [], origin: null },
    file: place.file,
    line: 'line' in place ? place.line : null,
  };
}

function nameOf(chain: readonly { readonly protoName: string }[]): string {
  return chain.map(({ protoName }) => protoName).join('.');
}

function streamOf({ clientStream, serverStream }: MethodType): Listed['stream'] {
  if (clientStream) return serverStream ? 'bidi' : 'client';
  return serverStream ? 'server' : null;
}

/** The HTTP method, or a part of the path or of the full name of the method. */
function matches({ method, path, rpc }: Listed, filter: string): boolean {
  return method === filter.toUpperCase() || path?.includes(filter) || rpc.includes(filter);
}

/** Most query parameters that a table names of a route. */
const SHOWN = 4;

function printTable(listed: readonly Listed[]): string {
  if (listed.length === 0) return '';
  const rows = listed.map((route) => [
    route.method ?? '-',
    route.path ?? '-',
    `${route.rpc}${route.stream === null ? '' : ` (${route.stream} stream)`}`,
    route.body ?? '-',
    shorten(route.query),
  ]);
  return columns([['METHOD', 'PATH', 'RPC', 'BODY', 'QUERY'], ...rows]);
}

function shorten(query: readonly string[]): string {
  if (query.length === 0) return '-';
  const more = query.length - SHOWN;
  return query.slice(0, SHOWN).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
