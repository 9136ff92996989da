/**
 * Whether a client that sent this `If-None-Match` has what the entity tag stands for, RFC 9110 section 13.1.2: weak comparison, `*` matches.
 *
 * @param header undefined if there was none
 */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const tags = header.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => tag.replace(/^W\//, '') === etag.replace(/^W\//, ''));
}

/**
 * The path that leads from the folder of one path of a server to another, so that links hold under any prefix.
 *
 *     /swagger-ui/, /openapi.json -> ../openapi.json
 */
export function relativePath(from: string, to: string): string {
  const folders = from.split('/').slice(1, -1);
  const target = to.split('/').slice(1);
  let same = 0;
  while (same < folders.length && same < target.length - 1 && folders[same] === target[same]) same += 1;
  const up = folders.slice(same).map(() => '..');
  const path = [...up, ...target.slice(same)].join('/');
  // A first segment with a colon would be read as a scheme, and an empty path as this very page.
  return up.length === 0 ? `./${path}` : path;
}
