/** Where to listen: a host name or address, without brackets, and a port. */
export interface ListenAddress {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
}

const hostPort = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/;

/** Reads `HOST:PORT`, IPv6 hosts in brackets; undefined if it is not one. */
export function parseListen(text: string): ListenAddress | undefined {
  const parts = hostPort.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  return host === undefined || port > 65535 ? undefined : { host, port };
}
