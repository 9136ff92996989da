/** Headers of one connection: HTTP/2 has none of them (RFC 9113 section 8.2.2). */
const names: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Whether a header, in lower case, speaks of an HTTP/1.1 connection. */
export function isOfConnection(name: string): boolean {
  return names.has(name);
}
