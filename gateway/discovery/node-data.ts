import { parseTarget } from '../upstream/target.js';

/**
 * The address that a server has written into a registry; undefined: it is none.
 *
 *     127.0.0.1:8003    {"host": "127.0.0.1", "port": 8003}    {"host": "::1", "port": "8003"}    {"Op": 0, "Addr": "127.0.0.1:8003"}
 */
export function parseNode(data: string): string | undefined {
  const text = data.trim();
  if (!text.startsWith('{')) return hostPort(text);
  try {
    const { Addr, host, port }: Readonly<Record<string, unknown>> = JSON.parse(text);
    if (typeof Addr === 'string') return hostPort(Addr);
    if (typeof host !== 'string' || (typeof port !== 'number' && typeof port !== 'string')) return undefined;
    return hostPort(host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`);
  } catch {
    return undefined;
  }
}

function hostPort(text: string): string | undefined {
  const target = text.includes('://') ? undefined : parseTarget(text);
  return target?.ok ? target.value.address : undefined;
}
