import { ownError } from '../exchange/errors.js';
import type { Incoming } from '../exchange/exchange.js';

/** RFC 9110 section 9.2.1: they change nothing. */
const safeMethods: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Compiles the defence (403) against cross-site request forgery: a browser may send some requests for a page of another site without asking first, with
 * whatever its user is known by (cookies, certificates, a place in the network), and it says so in `Sec-Fetch-Site`
 * (https://www.w3.org/TR/fetch-metadata/), or at least in `Origin` (RFC 6454), where that is from before or the connection is not secure:
 *
 *     Sec-Fetch-Site: same-origin, none             its own page, or the person: served, whatever name the gateway goes by behind a proxy
 *     Sec-Fetch-Site: same-site, cross-site         another page: refused
 *     only Origin: https://api.example              refused, unless that is the host that was asked for
 *     neither                                       no browser: served
 *
 * Pages of another host of the same site are other pages: whoever has one of its hosts does not have them all.
 *
 * @param origins whose pages may, as browsers write them
 */
export function compileSiteCheck(origins: readonly string[]): (request: Incoming) => void {
  const allowed: ReadonlySet<string> = new Set(origins);
  return function checkSite(request) {
    // A page reads what comes of a WebSocket, whosever it is.
    if (safeMethods.has(request.method) && request.handshake === undefined) return;
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (origin === undefined && site === undefined) return;
    if (site === 'same-origin' || site === 'none') return;
    if (origin !== undefined && (allowed.has(origin) || (site === undefined && isOf(origin, request.host)))) return;
    throw ownError(403, 'A request from a page of another site is not allowed.');
  };
}

/** Whether an origin is that of a host, which names its port where that is not the default of the origin's scheme. */
function isOf(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: own } = new URL(origin);
  const asked = `${protocol}//${host}`;
  return own !== '' && URL.canParse(asked) && new URL(asked).host === own;
}
