const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g;

/** The parameters of a header value, in their order, names in lower case (RFC 9110, section 5.6.6): `form-data; name="a"` -> `name`, `a`. */
export function parametersOf(value: string): readonly (readonly [name: string, value: string])[] {
  return [...value.matchAll(PARAMETER)].map(([, name = '', quoted, bare = '']) => [
    name.toLowerCase(),
    quoted?.replace(/\\(["\\])/g, '$1') ?? bare,
  ]);
}

/** UTF-8 and what is part of it, by the names of https://encoding.spec.whatwg.org/#names-and-labels. */
const UTF8 = /^(?:utf-?8|(?:us-)?ascii)$/i;

/** Whether text of this media type is UTF-8, as far as its `charset` says; one that is malformed says nothing. */
export function isUtf8Type(contentType: string): boolean {
  return parametersOf(contentType).every(([name, value]) => name !== 'charset' || UTF8.test(value));
}
