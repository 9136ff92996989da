const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * The origin form `/path?query` of a raw request target, which may be in absolute form `http://host/path` (RFC 9112, section 3.2); undefined for
 * `*` and other targets without a path.
 */
export function originForm(target: string): string | undefined {
  if (target.startsWith('/')) return target;
  const authority = ABSOLUTE.exec(target)?.[0];
  if (authority === undefined) return undefined;
  const rest = target.slice(authority.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Where the path of a target in origin form ends and its query begins. */
export function pathLength(target: string): number {
  const query = target.indexOf('?');
  return query < 0 ? target.length : query;
}

/** A target in origin form with the encoded slashes of its path as slashes; undefined if it has none. */
export function withSlashes(origin: string): string | undefined {
  const end = pathLength(origin);
  const path = origin.slice(0, end);
  const decoded = path.replace(/%2F/gi, '/');
  return decoded === path ? undefined : decoded + origin.slice(end);
}
