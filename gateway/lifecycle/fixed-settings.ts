import type { Problem } from '../../proto/problem.js';
import type { Config } from '../config/config.js';

/** A setting of one value. */
export type Setting = readonly [key: string, value: (config: Config) => string | number | undefined];

/** Of the gateway's own log. */
export const logSettings: readonly Setting[] = [
  ['log.level', (c) => c.log.level],
  ['log.format', (c) => c.log.format],
];

/** Of the listener. */
export const listenerSettings: readonly Setting[] = [
  ['listen', (c) => [c.listen].flat().join(', ')],
  ['tls', (c) => (c.tls === undefined ? undefined : 'set')],
  ['tls.clientCerts', (c) => c.tls?.clientCerts],
  ['admin.listen', (c) => c.admin?.listen],
  ['limits.headers', (c) => c.limits.headers],
  ['limits.headersTimeoutMs', (c) => c.limits.headersTimeoutMs],
  ['limits.keepAliveTimeoutMs', (c) => c.limits.keepAliveTimeoutMs],
  ['limits.exchangesPerConnection', (c) => c.limits.exchangesPerConnection],
  ['limits.http2.streams', (c) => c.limits.http2.streams],
  ['limits.http2.resets', (c) => c.limits.http2.resets],
  ['limits.http2.controls', (c) => c.limits.http2.controls],
  ['limits.maxConnections', (c) => c.limits.maxConnections],
];

/** Warns of settings that are not what they were at the start, and cannot follow. */
export function warnOfFixed(settings: readonly Setting[], atStart: Config, now: Config): readonly Problem[] {
  return settings.flatMap(([key, value]): readonly Problem[] => {
    const [before, after] = [value(atStart), value(now)];
    if (before === after) return [];
    return [
      { severity: 'warning', subject: key, reason: `is ${shown(after)} now, and ${shown(before)} until the gateway is started again` },
    ];
  });
}

function shown(value: string | number | undefined): string {
  return value === undefined ? 'unset' : String(value);
}
