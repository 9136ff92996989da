import { isIP } from 'node:net';

/** A `Host` (RFC 9110 section 7.2): an IPv6 address in brackets or a name or IPv4 address, and perhaps a port. */
const hostPort = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::\d*)?$/;

/**
 * Whether a request asks for this machine by a name that nobody else can have given it: an address, `localhost` or one of the names. A page that
 * has its own name point here, after it was loaded (DNS rebinding), is of the same origin to its browser, and known by its name only. No browser
 * leaves `Host` out.
 *
 * @param names in lower case
 */
export function isKnownHost(host: string | undefined, names: readonly string[]): boolean {
  if (host === undefined) return true;
  const [, ipv6, other] = hostPort.exec(host) ?? [];
  if (ipv6 !== undefined) return isIP(ipv6) === 6;
  if (other === undefined) return false;
  const name = other.toLowerCase();
  return isIP(name) === 4 || name === 'localhost' || names.includes(name);
}
