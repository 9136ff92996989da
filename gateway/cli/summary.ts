import { reflectedServers } from '../api/reflected-servers.js';
import { unruledNote } from '../api/unruled.js';
import type { RunningGateway } from '../index.js';
import { isUrl, shownUrl } from '../sources/url.js';
import { sizeOf } from './load.js';
import { columns, count } from './terminal.js';
import { version } from './version.js';

/** What a gateway serves and where, for the one who has started it. */
export function printSummary({ gateway, url, urls, adminUrl }: RunningGateway): string {
  const { sources, upstreams, docs, health } = gateway.config;
  const reflected = reflectedServers(gateway.config).map(({ target }) => `reflection of ${target}`);
  const bindings = gateway.current.table.bindings;
  const unruled = unruledNote(gateway.current.unruled);
  const { services, routes } = sizeOf(bindings);
  const names = [...new Set(bindings.map((b) => b.method.service.name))];
  const paths = [health.live, health.ready].filter((path) => path !== false);
  const rows: readonly (readonly [label: string, ...values: string[]])[] = [
    ['sources', [...sources.protos, ...sources.descriptorSets.map(shown), ...sources.rules, ...reflected].join(', ')],
    ...Object.entries(upstreams).map(([name, { target }]): [string, string] => [
      'upstream',
      name === 'default' ? target : `${name} = ${target}`,
    ]),
    ['services', services === 0 ? 'none' : `${services}: ${shortened(names)}`],
    ['routes', `${count(routes, 'route')} at ${urls.join(', ')}`],
    ...(unruled === undefined ? [] : [['without', unruled] as const]),
    ...(docs.enabled && docs.ui !== false ? [['Swagger UI', url + docs.ui] as const] : []),
    ...(docs.enabled ? [['OpenAPI', `${url}${docs.document} (and .yaml)`] as const] : []),
    ...(adminUrl === undefined ? [] : [['admin', `${adminUrl}/-/ready`] as const]),
    ...(paths.length > 0 ? [['health', paths.map((path) => url + path).join(' ')] as const] : []),
  ];
  return `protogate ${version}\n\n${columns(rows.map((row) => ['', ...row]))}\n`;
}

/** A URL may hold a password. */
function shown(name: string): string {
  return isUrl(name) ? shownUrl(name) : name;
}

/** Names that are looked over quickly, the rest as a number. */
function shortened(names: readonly string[]): string {
  const most = 5;
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
