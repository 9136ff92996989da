/** Error bodies of RFC 9457. In `Accept` it speaks of errors alone: what it says does not count for replies. */
export const PROBLEM_JSON = 'application/problem+json';

const JSON_TYPE = 'application/json';

/** One media range of an `Accept` header, parameters left out. */
export interface MediaRange {
  /** In lower case: `application/json`, `text/*`, or `*` followed by `/*`. */
  readonly range: string;
  /** 0 = not acceptable, 1 = most wanted. */
  readonly q: number;
}

/** Which of the offers a request wants, by its `Accept` header: the index, or -1 if none will do. */
export type Negotiator = (accept: string | undefined) => number;

/** Most headers that are remembered for one list of offers, and the longest of them. */
const MAX_REMEMBERED = 100;
const LONGEST_REMEMBERED = 200;

/**
 * Compiles content negotiation over media types (RFC 9110 section 12.5.1). The highest weight wins; of equal weights the offer that is named most
 * exactly, then the earlier one. No header, an empty or an unreadable one, and a browser's `text/html` get the first offer; who wants none of the offers,
 * but a type of the `+json` family, gets JSON.
 *
 *     Accept: application/json;q=0.5, application/*   offers: application/json, application/protobuf   -> application/protobuf
 *
 * @param plain headers that are known to mean the first offer; they are compared before anything is parsed
 */
export function compileNegotiator(offers: readonly string[], plain: readonly string[]): Negotiator {
  const known = new Map<string, number>(plain.map((header) => [header, 0]));
  return function negotiate(accept) {
    if (accept === undefined || accept === '*/*') return 0;
    const remembered = known.get(accept);
    if (remembered !== undefined) return remembered;
    const chosen = choose(parseAccept(accept), offers);
    if (known.size < MAX_REMEMBERED && accept.length <= LONGEST_REMEMBERED) known.set(accept, chosen);
    return chosen;
  };
}

function choose(all: readonly MediaRange[], offers: readonly string[]): number {
  const ranges = all.filter(({ range }) => range !== PROBLEM_JSON);
  if (ranges.length === 0) return 0;
  let best = -1;
  let bestQ = 0;
  let bestExactness = 0;
  for (const [i, offer] of offers.entries()) {
    const { q, exactness } = weigh(offer, ranges);
    if (q > bestQ || (q === bestQ && q > 0 && exactness > bestExactness)) [best, bestQ, bestExactness] = [i, q, exactness];
  }
  if (best !== -1) return best;
  if (weigh('text/html', ranges).q > 0) return 0;
  return takesRelated(ranges) ? offers.indexOf(JSON_TYPE) : -1;
}

/** Whether a type is wanted that is written as JSON (RFC 6839 section 3.1), and JSON itself is not refused. */
function takesRelated(ranges: readonly MediaRange[]): boolean {
  return ranges.some(({ range, q }) => range.endsWith('+json') && q > 0) && !ranges.some(({ range }) => range === JSON_TYPE);
}

/** The weight of an offer is that of the most exact range that covers it; of two equal ranges the first one counts. */
function weigh(offer: string, ranges: readonly MediaRange[]): { readonly q: number; readonly exactness: number } {
  const covering = ['*/*', `${offer.slice(0, offer.indexOf('/'))}/*`, offer];
  for (let exactness = covering.length; exactness > 0; exactness -= 1) {
    const found = ranges.find(({ range }) => range === covering[exactness - 1]);
    if (found !== undefined) return { q: found.q, exactness };
  }
  return { q: 0, exactness: 0 };
}

/** Whether an error is wanted as {@link PROBLEM_JSON}: it is named, and no less than JSON is. */
export function prefersProblem(accept: string | undefined): boolean {
  if (accept?.toLowerCase().includes(PROBLEM_JSON) !== true) return false;
  const ranges = parseAccept(accept);
  const weightOf = (type: string) => ranges.find(({ range }) => range === type)?.q ?? 0;
  return weightOf(PROBLEM_JSON) > 0 && weightOf(PROBLEM_JSON) >= weightOf('application/json');
}

/**
 * The ranges of an `Accept` header in their order. Elements that are no media range are left out, a lone `*` stands for any type, as some clients
 * write it; a weight that is none makes its element one of these.
 */
export function parseAccept(header: string): readonly MediaRange[] {
  const ranges: MediaRange[] = [];
  for (const element of splitOutsideQuotes(header, ',')) {
    const [type = '', ...parameters] = splitOutsideQuotes(element, ';');
    const range = type.trim().toLowerCase();
    const weight = parameters.map((parameter) => parameter.trim()).find((parameter) => /^q\s*=/i.test(parameter));
    const q = weight === undefined ? 1 : parseWeight(weight.slice(weight.indexOf('=') + 1).trim());
    if (q === undefined) continue;
    if (range === '*') ranges.push({ range: '*/*', q });
    else if (mediaRange.test(range)) ranges.push({ range, q });
  }
  return ranges;
}

/** `type/subtype` of tokens (RFC 9110 section 5.6.2), of which `*` is one. */
const mediaRange = /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** RFC 9110 section 12.4.2, and `.5` as some clients write it. */
function parseWeight(text: string): number | undefined {
  return /^(?:0?\.\d{1,3}|[01](?:\.\d{0,3})?)$/.test(text) && Number(text) <= 1 ? Number(text) : undefined;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (quoted && character === '\\') i += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
