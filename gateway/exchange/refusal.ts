/** Why a request is refused before any upstream sees it. `gateway/errors.ts` gives each kind its HTTP status. */
export type RefusalKind = 'field' | 'header' | 'mediaType' | 'size' | 'notAcceptable';

/** A request that cannot be transcoded. Its texts are safe to show to the client. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /**
   * @param field what is wrong: a JSON path, a query key, a header name; '' for the request as a whole
   * @param reason one sentence
   * @param headers response headers that say what would have been accepted, by lower-case name
   */
  constructor(
    readonly kind: RefusalKind,
    readonly field: string,
    readonly reason: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(field === '' ? reason : `${field}: ${reason}`);
  }
}
