/** Where to listen: a host name or address, without brackets, and a port. */
export interface ListenAddress {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
}

/** Where clients come in: a port; a path in the file system; sockets that are open already, which `systemd` passes. */
export type ListenPlace = ListenAddress | { readonly path: string } | 'systemd';

const hostPort = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/;
/** The system has room for no longer path. */
const unixPath = /^unix:(\/.{1,100})$/;

/** Reads `HOST:PORT`, IPv6 hosts in brackets; undefined if it is not one. */
export function parseListen(text: string): ListenAddress | undefined {
  const parts = hostPort.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  return host === undefined || port > 65535 ? undefined : { host, port };
}

/** Reads `HOST:PORT`, `unix:/PATH` or `systemd`; undefined if it is none of them. */
export function parsePlace(text: string): ListenPlace | undefined {
  if (text === 'systemd') return text;
  const path = unixPath.exec(text)?.[1];
  return path === undefined ? parseListen(text) : { path };
}
