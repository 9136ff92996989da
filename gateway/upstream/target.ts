import type { Result } from '../../proto/problem.js';

/** Where an upstream listens and whether it speaks TLS. */
export interface Target {
  /** `host:port`, IPv6 hosts in brackets. */
  readonly address: string;
  readonly tls: boolean;
  /** The host is a name, and each of its addresses a server. */
  readonly dns?: true;
  /** It is an etcd, and the addresses of servers stand under this prefix. */
  readonly etcd?: string;
}

/** Whether the target names a registry that knows the servers: `tls` then is of the servers. */
export function isFollowed({ dns, etcd }: Target): boolean {
  return dns === true || etcd !== undefined;
}

const SUPPORTED =
  'write HOST:PORT for plaintext, grpcs://HOST:PORT for TLS, dns://NAME:PORT for all addresses of a name or etcd://HOST:PORT/PREFIX';
const ONLY = 'only a host and a port can stand here';
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s;
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/;
const BARE_IPV6 = /^[0-9A-Fa-f:.]+(?:%.*)?$/;
const IPV6 = /^\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?\]$/;

/**
 * Reads the text an operator writes for an upstream.
 *
 *     target = [ "grpcs://" | "dns://" | "dns:///" ] host ":" port
 *            | "etcd://" host ":" port "/" prefix
 *     host   = name | IPv4 | "[" IPv6 "]"
 *     port   = 1 .. 65535
 *
 * There is no default port. Problems have the text as their subject.
 */
export function parseTarget(text: string): Result<Target> {
  const etcd = /^etcd:\/\/([^/]*)\/([^\s?#]+)$/i.exec(text);
  if (etcd?.[1] !== undefined && etcd[2] !== undefined) {
    const at = etcd[1].includes('://') ? refuse(text, ONLY) : parseTarget(etcd[1]);
    if (!at.ok) return refuse(text, at.problems.map((p) => p.reason).join('; '));
    return { ...at, value: { ...at.value, etcd: etcd[2].replace(/\/*$/, '/') } };
  }
  const scheme = SCHEME.exec(text);
  const kind = scheme?.[1]?.toLowerCase();
  if (scheme !== null && kind !== 'grpcs' && kind !== 'dns') return refuse(text, `scheme ${scheme[1]}:// is not supported: ${SUPPORTED}`);
  const address = (kind === 'dns' ? scheme?.[2]?.replace(/^\//, '') : scheme?.[2]) ?? text;
  if (/[/?#@\s]/.test(address)) return refuse(text, `${ONLY}: ${SUPPORTED}`);

  if (/[,;]/.test(address)) return refuse(text, `a list cannot stand here: ${SUPPORTED}`);
  const colon = address.startsWith('[') ? address.indexOf(':', address.indexOf(']') + 1) : address.indexOf(':');
  const host = colon < 0 ? address : address.slice(0, colon);
  const port = colon < 0 ? '' : address.slice(colon + 1);
  if (port.includes(':'))
    return refuse(text, BARE_IPV6.test(address) ? 'an IPv6 address stands in brackets: write [ADDRESS]:PORT' : `${ONLY}: ${SUPPORTED}`);
  if (!NAME.test(host) && !IPV6.test(host))
    return refuse(text, `${host === '' ? 'the host is missing' : `${host} is no host`}: ${SUPPORTED}`);
  if (port === '')
    return refuse(text, `the port is missing, there is no default: write ${kind === undefined ? '' : `${kind}://`}${host}:PORT`);
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535)
    return refuse(text, `${port} is no port: write a number from 1 to 65535`);
  return {
    ok: true,
    value: { address: `${host}:${Number(port)}`, tls: kind === 'grpcs', ...(kind === 'dns' ? { dns: true } : {}) },
    warnings: [],
  };
}

function refuse(subject: string, reason: string): Result<Target> {
  return { ok: false, problems: [{ severity: 'error', subject, reason }] };
}
