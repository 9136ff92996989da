import { isMetadataName, isReserved, isSingular, type Way } from '../exchange/header-names.js';
import { Refusal } from '../exchange/refusal.js';
import type { Metadata } from '../upstream/call.js';
import { FILE_NAME } from './file-names.js';
import { HTTP_CODE } from './http-code.js';

/** Request headers that always go to the upstream. */
const alwaysForwarded = ['authorization', 'traceparent', 'tracestate', 'accept-language', 'x-request-id'];

/** What the request says of its way here, to be believed: made from the connection, or from `x-forwarded-*` of a trusted proxy. */
export interface Forwarded {
  /** Addresses from the client to the last hop, `, ` between them. */
  readonly for: string;
  readonly host: string;
  readonly proto: string;
}

/**
 * Makes gRPC metadata of raw headers (name, value, name, value...). Throws {@link Refusal} naming the header.
 *
 * @param dropped told of each header that is left out though the rules name it
 */
export type MetadataReader = (rawHeaders: readonly string[], forwarded: Forwarded, dropped?: (header: string) => void) => Metadata;

/** Which request headers become metadata. */
export interface ForwardRules {
  /** Names in lower case beside those that always go; a `*` at the end stands for any ending. */
  readonly forward: readonly string[];
  /** `grpc-metadata-NAME` goes as `NAME`. */
  readonly forwardPrefixed: boolean;
  /** Well-known headers go as `grpcgateway-NAME`. */
  readonly forwardPermanent: boolean;
  /** A value that gRPC cannot carry is refused, or left out. */
  readonly nonAscii: 'error' | 'drop';
  /** The gateway itself says the names of uploaded files. */
  readonly fileNames: boolean;
}

/**
 * Compiles the rules for request headers. Hop-by-hop, `grpc-*`, `te`, `content-*`, `host` and `x-forwarded-*` headers are never taken over under
 * their own names, whatever the rules say, nor can they be set by a prefix.
 */
export function compileMetadata(rules: ForwardRules): MetadataReader {
  const planOf = remember(compilePlans(rules));
  const { nonAscii } = rules;
  return function readMetadata(rawHeaders, forwarded, dropped) {
    const metadata: [string, string | Uint8Array][] = [];
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const plan = planOf(rawHeaders[i] ?? '');
      if (plan === undefined) continue;
      const { header, name, permanentName } = plan;
      const value = rawHeaders[i + 1] ?? '';
      if (name !== undefined) {
        if (nonAscii === 'drop' && isUnsendable(name, value)) dropped?.(header);
        else metadata.push([name, metadataValue(name, value, header)]);
        if (isSingular(name)) refuseRepeated(name, metadata, header);
      }
      // Nobody asked for these: one that metadata cannot hold is no reason to refuse the request.
      if (permanentName !== undefined && printable.test(value)) {
        metadata.push([permanentName, value]);
        if (isSingular(header)) refuseRepeated(permanentName, metadata, header);
      }
    }
    addWay(metadata, forwarded, rawHeaders);
    return metadata;
  };
}

/** What becomes of a header. */
interface Plan {
  /** Its name in lower case. */
  readonly header: string;
  /** The metadata that it becomes. */
  readonly name: string | undefined;
  /** The metadata that it becomes as a permanent header. */
  readonly permanentName: string | undefined;
}

/** By the name as it was sent; undefined: nothing becomes of it. */
type PlanOf = (sent: string) => Plan | undefined;

function compilePlans({ forward, forwardPrefixed, forwardPermanent, fileNames }: ForwardRules): PlanOf {
  const allowed = compileAllowList([...alwaysForwarded, ...forward]);
  const own = fileNames ? FILE_NAME : undefined;
  return function planOf(sent) {
    const header = sent.toLowerCase();
    const isPrefixed = forwardPrefixed && header.startsWith(METADATA_PREFIX);
    const asked = isPrefixed ? header.slice(METADATA_PREFIX.length) : header;
    const name = (isPrefixed || allowed(asked)) && asked !== own && passes(asked, 'request') ? asked : undefined;
    const permanentName = forwardPermanent && permanent.has(header) ? PERMANENT_PREFIX + header : undefined;
    return name === undefined && permanentName === undefined ? undefined : { header, name, permanentName };
  };
}

/** Names that are remembered; clients choose them, and nearly all choose the same few. */
const MOST_REMEMBERED = 256;
const LONGEST_REMEMBERED = 64;

/** To look at each name of each request anew costs more than all else that becomes of headers. */
function remember(planOf: PlanOf): PlanOf {
  const plans = new Map<string, Plan | undefined>();
  return function rememberedPlanOf(sent) {
    const known = plans.get(sent);
    if (known !== undefined || plans.has(sent)) return known;
    const plan = planOf(sent);
    if (sent.length <= LONGEST_REMEMBERED && plans.size < MOST_REMEMBERED) plans.set(sent, plan);
    return plan;
  };
}

/** Whether clients' headers of that name, in lower case, go to the upstream under it. */
export function forwards({ forward }: ForwardRules, name: string): boolean {
  return compileAllowList([...alwaysForwarded, ...forward])(name);
}

function addWay(metadata: [string, string | Uint8Array][], way: Forwarded, rawHeaders: readonly string[]): void {
  if (!isPrintable(way)) throw refuseWay(way, rawHeaders);
  // Who comes by a socket in the file system has no address.
  if (way.for !== '') metadata.push(['x-forwarded-for', way.for]);
  metadata.push(['x-forwarded-host', way.host], ['x-forwarded-proto', way.proto]);
}

/** The last one that was found to be so: most requests come the same way. */
let known: Forwarded = { for: '', host: '', proto: '' };

function isPrintable(way: Forwarded): boolean {
  if (way.for === known.for && way.host === known.host && way.proto === known.proto) return true;
  if (!printable.test(way.for) || !printable.test(way.host) || !printable.test(way.proto)) return false;
  known = way;
  return true;
}

/** Names the header by which a proxy, or the client itself, said what metadata cannot hold. */
function refuseWay(way: Forwarded, rawHeaders: readonly string[]): Refusal {
  const isAtFault = (name: string) =>
    rawHeaders.some((header, i) => i % 2 === 0 && header.toLowerCase() === name && !printable.test(rawHeaders[i + 1] ?? ''));
  const part = (['for', 'host', 'proto'] as const).find((part) => !printable.test(way[part]));
  const header = `x-forwarded-${part}`;
  return new Refusal('header', part === 'host' && !isAtFault(header) ? 'host' : header, 'must be printable ASCII');
}

const METADATA_PREFIX = 'grpc-metadata-';
const TRAILER_PREFIX = 'grpc-trailer-';
const PERMANENT_PREFIX = 'grpcgateway-';

/** What grpc-gateway takes of the registry of permanent message headers; `host`, which is another one at every hop, it has elsewhere. */
const permanent: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-language',
  'accept-ranges',
  'authorization',
  'cache-control',
  'content-type',
  'cookie',
  'date',
  'expect',
  'from',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-schedule-tag-match',
  'if-unmodified-since',
  'max-forwards',
  'origin',
  'pragma',
  'referer',
  'user-agent',
  'via',
  'warning',
]);

/** Makes header fields of metadata; `-bin` values in base64, repeated names as several values, or the last one where there may be only one. */
export type ReplyHeaders = (metadata: Metadata, set: (name: string, value: string | string[]) => void) => void;

/** Which response metadata reaches the client. */
export interface ReplyRules {
  /** Metadata that becomes headers under its own name: names in lower case, `*` at the end as above. */
  readonly reply: readonly string[];
  /** Other initial metadata becomes `grpc-metadata-NAME` headers. */
  readonly replyPrefixed: boolean;
  /** Trailing metadata becomes `grpc-trailer-NAME` trailer fields, where the client takes such. */
  readonly trailers: boolean;
}

/** Where response metadata goes. */
export interface ReplyMetadata {
  readonly initial: ReplyHeaders;
  /** Trailing metadata that came before the headers of the answer have left. */
  readonly trailing: ReplyHeaders;
  /** Trailing metadata as trailer fields; undefined: there are none. */
  readonly trailer: ReplyHeaders | undefined;
}

/** Compiles the rules for response metadata. What gRPC and HTTP framing own never leaves. */
export function compileReplyMetadata(rules: ReplyRules): ReplyMetadata {
  const allowed = compileAllowList(rules.reply);
  const trailing = headersBy((name) => (allowed(name) ? name : undefined));
  return {
    initial: rules.replyPrefixed ? headersBy((name) => (allowed(name) ? name : prefixed(METADATA_PREFIX, name))) : trailing,
    trailing,
    trailer: rules.trailers ? headersBy((name) => prefixed(TRAILER_PREFIX, name)) : undefined,
  };
}

/** The status that the upstream asks for is taken already. */
function prefixed(prefix: string, name: string): string | undefined {
  return name === HTTP_CODE ? undefined : prefix + name;
}

function headersBy(headerOf: (name: string) => string | undefined): ReplyHeaders {
  return function writeHeaders(metadata, set) {
    let values: Map<string, string[]> | undefined;
    for (const [name, value] of metadata) {
      const header = passes(name, 'reply') ? headerOf(name) : undefined;
      if (header === undefined) continue;
      const text = typeof value === 'string' ? value : Buffer.from(value).toString('base64');
      values ??= new Map();
      values.set(header, isSingular(header) ? [text] : [...(values.get(header) ?? []), text]);
    }
    if (values === undefined) return;
    for (const [name, texts] of values) set(name, texts.length === 1 ? (texts[0] ?? '') : texts);
  };
}

function passes(name: string, way: Way): boolean {
  return isMetadataName(name) && !isReserved(name, way);
}

function compileAllowList(names: readonly string[]): (name: string) => boolean {
  const exact = new Set(names.filter((n) => !n.endsWith('*')));
  const prefixes = names.filter((n) => n.endsWith('*')).map((n) => n.slice(0, -1));
  if (prefixes.length === 0) return (name) => exact.has(name);
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

const printable = /^[\x20-\x7e]*$/;
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Whether gRPC cannot carry the value as text. */
function isUnsendable(name: string, value: string): boolean {
  return !name.endsWith('-bin') && !printable.test(value);
}

/** @param header what the client called it */
function metadataValue(name: string, value: string, header: string): string | Uint8Array {
  if (isUnsendable(name, value)) throw new Refusal('header', header, 'must be printable ASCII');
  if (!name.endsWith('-bin')) return value;
  if (!base64.test(value) || value.replace(/=+$/, '').length % 4 === 1) throw new Refusal('header', header, 'must be base64');
  return Buffer.from(value, 'base64');
}

/** @param header what the client called it */
function refuseRepeated(name: string, metadata: Metadata, header: string): void {
  if (metadata.findIndex((entry) => entry[0] === name) === metadata.findLastIndex((entry) => entry[0] === name)) return;
  throw new Refusal('header', header, 'is given twice');
}
