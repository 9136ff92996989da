/** Where to listen: a host name or address, without brackets, and a port. */
export interface ListenAddress {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
}

/** Where an upstream is: `address` is `host:port` (IPv6 hosts in brackets), `tls` says how to talk to it. */
export interface Target {
  readonly address: string;
  readonly tls: boolean;
}

const hostPort = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/;
const schemes: ReadonlyMap<string, boolean> = new Map([['grpcs', true]]);

/** Reads `HOST:PORT`, IPv6 hosts in brackets; undefined if it is not one. */
export function parseListen(text: string): ListenAddress | undefined {
  const parts = hostPort.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  return host === undefined || port > 65535 ? undefined : { host, port };
}

/** Reads `HOST:PORT` (plaintext) or `grpcs://HOST:PORT` (TLS). A string is the reason why it is neither. */
export function parseTarget(text: string): Target | string {
  const [, scheme, rest] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(text) ?? [];
  const tls = scheme === undefined ? false : schemes.get(scheme.toLowerCase());
  if (tls === undefined) return `unknown scheme "${scheme}://"; write HOST:PORT for plaintext or grpcs://HOST:PORT for TLS`;
  const address = parseListen(rest ?? '');
  if (address === undefined || address.port === 0) return `"${text}" lacks a host or a port; write HOST:PORT or grpcs://HOST:PORT`;
  return { address: rest ?? '', tls };
}
