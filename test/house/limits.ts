import { readdirSync, readFileSync } from 'node:fs';
import { configKeys } from '../../gateway/config/keys.js';

/** Where a limit stands: a key of the configuration, or a constant in a source file: `gateway/request/pace.ts MOST_AT_A_TIME`. */
type Place = string;

type Unit = 'bytes' | 'ms' | '';

/** What is limited, where, and what happens beyond; a unit for constants that are no counts. */
type Row = readonly [what: string, at: Place, then: string, unit?: Unit];

/** The limits of what comes from outside, by whom they hold: all there are. */
export const limits: Readonly<Record<string, readonly Row[]>> = {
  'What a client sends': [
    ['request line and headers', 'limits.headers', '431'],
    ['time for them to arrive', 'limits.headersTimeoutMs', '408'],
    ['body of a unary request, as it comes and decompressed', 'policies[].maxBody', '413'],
    ['time for it to arrive', 'limits.bodyTimeoutMs', '408'],
    [
      'bodies, and items of streams, whose rest is still to come, in all',
      'gateway/request/incomplete.ts MOST_INCOMPLETE',
      '503 for the oldest',
      'bytes',
    ],
    ['pieces of a body that are kept as they came', 'gateway/request/batch.ts MOST_PIECES', 'copied into one'],
    ['pieces of a body that are taken in one turn of the event loop', 'gateway/request/pace.ts MOST_AT_A_TIME', 'the rest in the next'],
    ['nesting of JSON and messages', 'proto/wire/wire.ts MAX_DEPTH', '400; of a reply 500'],
    ['keys of a query or form', 'gateway/transcode/field-binder.ts MAX_KEYS', '400'],
    ['fields that a key leads through', 'gateway/transcode/named-field.ts MAX_NESTING', 'an unknown key'],
    [
      'items of a stream that are sent on in one turn of the event loop',
      'gateway/request/body-items.ts MOST_AT_A_TIME',
      'the rest in the next',
    ],
    ['piece of an upload that is one message', 'gateway/request/open-upload.ts MOST_OF_PIECE', 'more pieces', 'bytes'],
    ['length of a message in wire form, bytes of its varint', 'proto/wire/delimited.ts LONGEST', '400'],
    ['rest of a stream that nobody wants any more', 'gateway/request/discard.ts MOST_BYTES', 'cut', 'bytes'],
    ['time for that rest', 'gateway/request/discard.ts LONGEST_MS', 'cut', 'ms'],
    ['frames of a WebSocket in a second', 'streams.maxFrames', 'held back'],
    ['frames of one message', 'gateway/listener/acceptor.ts MOST_FRAGMENTS', 'closed with 1008'],
    [
      'messages that are sent on in one turn of the event loop',
      'gateway/request/web-socket/items.ts MOST_AT_A_TIME',
      'the rest in the next',
    ],
    ['reason with which a WebSocket is closed', 'gateway/request/web-socket/protocol.ts LONGEST_REASON', 'cut', 'bytes'],
    ['WebSockets that wait for their metadata', 'gateway/request/web-socket/metadata-frames.ts MOST_WAITING', '503'],
    ['metadata of a WebSocket', 'gateway/request/web-socket/metadata-wait.ts MOST_BYTES', 'closed with 4008', 'bytes'],
    ['time for it to arrive', 'gateway/request/web-socket/metadata-wait.ts LONGEST_MS', 'closed with 4004', 'ms'],
    ['HTTP/2 requests in progress on a connection', 'limits.http2.streams', 'refused'],
    ['HTTP/2 requests that are given up, in 10 seconds', 'limits.http2.resets', 'the connection ends'],
    ['PING and SETTINGS frames, in 10 seconds', 'limits.http2.controls', 'the connection ends'],
    ['header fields of an HTTP/2 request', 'gateway/listener/http2.ts MOST_FIELDS', 'the stream is reset'],
    ['piece of an HTTP/2 answer', 'gateway/request/http2/reply.ts MOST_OF_PIECE', 'more pieces', 'bytes'],
    ['parts of a multipart body', 'policies[].maxParts', '400'],
    ['header lines of a part', 'gateway/transcode/part.ts MAX_HEADER_LINES', '400'],
    ['headers of a part', 'gateway/transcode/part.ts MAX_HEADERS', '400', 'bytes'],
    ['name of a part', 'gateway/transcode/part.ts MAX_NAME', '400', 'bytes'],
    ['part that is taken as text', 'gateway/transcode/bind-parts.ts MAX_TEXT', '413', 'bytes'],
    ['names of files that are handed on', 'gateway/transcode/file-names.ts MAX_FILE_NAMES', '413', 'bytes'],
    ['paths of a field mask in a query or form', 'proto/json/parse/field-mask.ts MAX_PATHS', '400'],
    ['paths of `$fields`', 'gateway/transcode/select-fields.ts MAX_PATHS', '400'],
    ['fields of one of them', 'gateway/transcode/select-fields.ts MAX_DEPTH', '400'],
    ["a duration in Go's form, characters", 'gateway/transcode/go-texts.ts LONGEST', '400'],
  ],
  'What is kept of it': [
    [
      'keys of queries and forms that are remembered for a binding',
      'gateway/transcode/field-binder.ts MAX_REMEMBERED',
      'looked up each time',
    ],
    ['fields that these lead through in all', 'gateway/transcode/field-binder.ts MAX_STEPS', 'looked up each time'],
    ['`Accept` headers that are remembered for a kind of reply', 'gateway/transcode/negotiate.ts MAX_REMEMBERED', 'read each time'],
    ['the longest of them, characters', 'gateway/transcode/negotiate.ts LONGEST_REMEMBERED', 'read each time'],
    ['pieces of messages that are joined', 'gateway/transcode/join-messages.ts MOST_PIECES', 'sent as they came'],
    ['levels of messages within messages at which they are', 'gateway/transcode/join-messages.ts MOST_LEVELS', 'sent as they came'],
    ['names of headers that are remembered for a kind of request', 'gateway/transcode/metadata.ts MOST_REMEMBERED', 'looked at each time'],
    ['the longest of them, characters', 'gateway/transcode/metadata.ts LONGEST_REMEMBERED', 'looked at each time'],
    ['names of metadata that are remembered', 'gateway/upstream/metadata-fault.ts MOST_REMEMBERED', 'looked at each time'],
    ['the longest of them, characters', 'gateway/upstream/metadata-fault.ts LONGEST_REMEMBERED', 'looked at each time'],
    ['name or reason that an error tells, characters', 'gateway/exchange/errors.ts LONGEST', 'cut'],
    ['key in a path that an error tells, characters', 'proto/json/parse/path.ts LONGEST', 'cut'],
    ['request id in the log, characters', 'gateway/request/call-log.ts MAX_ID', 'cut'],
  ],
  'Connections and exchanges': [
    ['client connections', 'limits.maxConnections', 'closed at once'],
    ['connection that is idle, or whose client does not read', 'limits.keepAliveTimeoutMs', 'closed'],
    ['requests in progress', 'limits.inFlight', '503'],
    ['requests in progress on one connection', 'limits.exchangesPerConnection', 'the next wait'],
    ['answers that wait for a client', 'gateway/listener/connection.ts MOST_UNSENT', 'its next request waits', 'bytes'],
    ['large answers that wait for clients in all', 'gateway/request/unread.ts MOST_UNREAD', 'the oldest are cut', 'bytes'],
    ['answers that do not count there', 'gateway/request/unary-answer.ts MOST_UNCOUNTED', 'counted', 'bytes'],
    ['requests of a connection that wait', 'gateway/listener/connection.ts MANY_WAITING', 'no more are read'],
    ['requests that Node.js had read by then', 'gateway/listener/connection.ts MOST_WAITING', 'not served; the connection is closed'],
    [
      'rest of a request that was answered before it came',
      'gateway/listener/connection.ts MOST_REST',
      'the answer closes the connection',
      'bytes',
    ],
    ['time for answers in progress to leave before what is no HTTP', 'gateway/listener/connection.ts REFUSAL_MS', 'closed', 'ms'],
    ['what is read and thrown away behind a last answer', 'gateway/listener/lingering.ts MOST_BYTES', 'closed', 'bytes'],
    ['time for that', 'gateway/listener/lingering.ts LONGEST_MS', 'closed', 'ms'],
    ['time without any of that', 'gateway/listener/lingering.ts QUIET_MS', 'closed', 'ms'],
    ['requests in progress at a stop', 'limits.shutdownGraceMs', 'cut'],
  ],
  'Calls and streams': [
    ['unary call', 'policies[].deadlineMs', '504'],
    ['stream', 'policies[].streamDeadlineMs', '504, or an error as its end'],
    ['stream in which nothing moves', 'policies[].idleMs', 'cancelled'],
    ['bytes of a stream that wait for a client', 'gateway/request/stream-answer.ts AHEAD', 'no more is asked of the upstream', 'bytes'],
    ['connections to one upstream', 'upstreams.NAME.limits.connections', 'calls wait'],
    ['calls in progress on it', 'upstreams.NAME.limits.inFlight', '503'],
    ['bytes of their requests', 'gateway/upstream/limit-calls.ts MAX_BYTES', '503', 'bytes'],
    ['calls that wait for a place on it', 'upstreams.NAME.limits.pending', '503'],
    ['bytes of their requests', 'gateway/upstream/waiting-line.ts MAX_BYTES', '503', 'bytes'],
    ['time that they wait', 'upstreams.NAME.limits.pendingMs', '503'],
    ['time to establish a connection', 'upstreams.NAME.connectTimeoutMs', '503'],
    ['time for the answer to a PING', 'upstreams.NAME.keepAlive.timeoutMs', '503'],
    ['connection without calls', 'upstreams.NAME.idleTimeoutMs', 'closed'],
    ['attempts of a call that no server has looked at', 'gateway/upstream/h2/call.ts MAX_ATTEMPTS', '503'],
    ['bytes of a call that wait for its server (`h2`)', 'gateway/upstream/h2/call.ts SEND_BUFFER', 'no more is read', 'bytes'],
    ['bytes of a call that wait for its server (`grpc-js`)', 'gateway/upstream/grpc-js/outbox.ts LIMIT', 'no more is read', 'bytes'],
    [
      'messages that wait for a connection that does not take them',
      'gateway/upstream/h2/sender.ts MAX_BACKLOG',
      'they wait in their calls',
      'bytes',
    ],
    [
      'all that waits for such a connection',
      'gateway/upstream/h2/connection.ts MAX_BACKLOG',
      'no calls are added; answers to its frames: closed',
      'bytes',
    ],
  ],
  'What an upstream sends': [
    ['message of a reply, and the JSON made of it', 'policies[].maxReply', '500'],
    [
      'message of a stream, of either side, and the JSON made of it; unset: as of a reply, or of a body',
      'policies[].maxItem',
      'an error as its end; of a client 413',
    ],
    ['messages of a stream, of each side', 'policies[].maxItems', 'an error as its end; of a client 400'],
    ['details of an error as JSON', 'policies[].maxDetails', 'as base64, or left out'],
    ['details that cannot be printed', 'gateway/transcode/details.ts MAX_FAILED', 'no more are tried'],
    ['media type of a `google.api.HttpBody`, characters', 'gateway/transcode/http-body.ts LONGEST_TYPE', '`application/octet-stream`'],
    ['what messages that are merged fill, times the input', 'proto/json/print/printing.ts MERGE_FACTOR', '500'],
    ['what is printed or looked through in vain, times the input', 'proto/json/print/printing.ts WASTE_FACTOR', '500'],
    ['what is decompressed in one turn of the event loop', 'gateway/upstream/h2/decompress.ts AT_ONCE', 'aside', 'bytes'],
    ['room made for a message that was only announced', 'gateway/upstream/h2/message-reader.ts FIRST_ROOM', 'more as it comes', 'bytes'],
    [
      'what is taken ahead of a client that does not read (`grpc-js`)',
      'gateway/upstream/grpc-js/call.ts READ_AHEAD',
      'it is held back',
      'bytes',
    ],
    ['large messages on their way from one upstream', 'gateway/upstream/h2/pool.ts MOST_ARRIVING', 'the next are held back', 'bytes'],
    ['what is on its way to all calls of a connection', 'gateway/upstream/h2/inbound.ts CONNECTION_WINDOW', 'it is held back', 'bytes'],
    ['header block', 'gateway/upstream/h2/header-assembly.ts MAX_BLOCK', 'the connection is closed', 'bytes'],
    ['frames of one', 'gateway/upstream/h2/header-assembly.ts MAX_FRAMES', 'the connection is closed'],
    ['header block, decoded', 'gateway/upstream/h2/header-block.ts MAX_HEADER_LIST', 'the call fails', 'bytes'],
    ['header table', 'gateway/upstream/h2/block-reader.ts TABLE_SIZE', 'older entries go', 'bytes'],
    ['header blocks that are remembered', 'gateway/upstream/h2/block-reader.ts REMEMBERED', 'read each time'],
    ['the longest of them', 'gateway/upstream/h2/block-reader.ts MAX_REMEMBERED', 'read each time', 'bytes'],
    ['frame', 'gateway/upstream/h2/protocol.ts DEFAULT_FRAME_SIZE', 'the connection is closed', 'bytes'],
    ['frames a second that bring nothing', 'gateway/upstream/h2/flood-guard.ts MAX_A_SECOND', 'the connection is closed'],
    ['frames that may be late on streams that are over', 'gateway/upstream/h2/flood-guard.ts MAX_LATE', 'they count as bringing nothing'],
  ],
  'Memory that is used again': [
    ['results of the codec', 'proto/json/recycling.ts MOST', 'left to garbage collection'],
    ['the largest of them', 'proto/json/recycling.ts LARGEST', 'left to garbage collection', 'bytes'],
    ['input of the codec', 'proto/json/source.ts KEPT', 'given back', 'bytes'],
    ['output of the codec', 'proto/json/arena.ts KEPT', 'given back', 'bytes'],
    ['rooms for messages of upstreams', 'gateway/upstream/h2/message-reader.ts KEPT_ROOMS', 'left to garbage collection'],
    ['the size of a room', 'gateway/upstream/h2/message-reader.ts ROOM', 'room of their own', 'bytes'],
  ],
  'Configuration and sources': [
    ['configuration file, file of rules', 'gateway/config/file.ts maxConfigFile', 'refused', 'bytes'],
    ['nesting in it: brackets and columns', 'gateway/config/depth.ts deepest', 'refused'],
    ['text in it, characters', 'gateway/config/terms.ts longest', 'refused'],
    ['`.proto` file', 'gateway/sources/limits.ts MAX_PROTO', 'refused', 'bytes'],
    ['`.proto` files below a folder', 'gateway/sources/limits.ts MAX_FILES', 'refused'],
    ['folders below it', 'gateway/sources/limits.ts MAX_FOLDERS', 'refused'],
    ['how deep they lie', 'gateway/sources/limits.ts MAX_FOLDER_DEPTH', 'refused'],
    ['symbolic links on the way to a file', 'gateway/sources/find-files.ts MAX_LINKS', 'not followed'],
    ['folders that are watched', 'gateway/sources/watch.ts MAX_WATCHED', 'looked at from time to time'],
    ['descriptor set', 'gateway/sources/limits.ts MAX_DESCRIPTOR_SET', 'refused', 'bytes'],
    ['time for one to arrive from a URL', 'gateway/sources/url.ts FETCH_TIMEOUT_MS', 'refused', 'ms'],
    ['services of a server by reflection', 'gateway/sources/limits.ts MAX_REFLECTED_SERVICES', 'refused'],
    ['their files, and extensions of one message', 'gateway/sources/limits.ts MAX_REFLECTED_FILES', 'refused'],
    ['all of its answers', 'gateway/sources/limits.ts MAX_REFLECTED_BYTES', 'refused', 'bytes'],
    ['time for them', 'upstreams.NAME.reflection.timeoutMs', 'refused'],
    ['questions to it that are open at a time', 'gateway/sources/reflection/gather.ts WINDOW', 'the next wait'],
    ['versions of it that are remembered', 'gateway/sources/reflection/memory.ts MAX_VERSIONS', 'the oldest goes'],
    ['its text in the log, characters', 'gateway/sources/reflection/failure.ts MAX_TEXT', 'cut'],
    ['memory of the thread that loads, MiB', 'gateway/api/aside.ts MAX_HEAP_MIB', 'refused'],
  ],
};

/** Constants that are named like limits, and integers of the configuration, that bound nothing that comes from outside. */
export const others: ReadonlySet<Place> = new Set([
  'gateway/cli/serve.ts maxDelayMs',
  'gateway/config/policy.ts largest',
  'gateway/config/terms.ts maxMillis',
  'gateway/discovery/dns/source.ts MOST_MS',
  'gateway/discovery/spread-call.ts MOST_SERVERS',
  'gateway/lifecycle/follow.ts MAX_NAMES',
  'gateway/request/direct.ts MAX_TEXT',
  'gateway/sources/rounds.ts MAX_DELAY_MS',
  'gateway/sources/rounds.ts MAX_RETRY_MS',
  'gateway/sources/watch.ts LONGEST_BURST_MS',
  'gateway/upstream/create.ts DEFAULT_MAX_MESSAGE',
  'gateway/upstream/deadlines.ts LONGEST_TIMER',
  'gateway/upstream/h2/protocol.ts MAX_31',
  'proto/json/create.ts DEFAULT_OUTPUT_LIMIT',
  'proto/json/form.ts MAX_DURATION',
  'proto/json/form.ts MAX_TIMESTAMP',
  'proto/json/parse/number.ts MOST_DIGITS',
  'proto/json/parse/text.ts MOST_SHORT',
  'limits.drainDelayMs',
  'policies[].successStatus',
  'sources.fetchIntervalMs',
  'streams.headerDelayMs',
  'streams.heartbeatMs',
  'streams.retryMs',
  'upstreams.NAME.keepAlive.intervalMs',
  'upstreams.NAME.reflection.intervalMs',
]);

/** Rooms that read what comes from outside. */
const rooms = ['gateway', 'proto/json', 'proto/wire'];

const constant = /^(?:export )?const (\w+) = (.+);$/gm;

/** What constants of these rooms are set to, by their place. */
const constants: ReadonlyMap<Place, string> = new Map(
  rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [...readFileSync(`${room}/${file}`, 'utf8').matchAll(constant)].map(([, name, value = '']): [Place, string] => [
          `${room}/${file} ${name}`,
          value,
        ]),
      ),
  ),
);

/** The number that an expression is: a product, of powers too, or `1 << 20`. */
function numberOf(expression: string): number {
  const [left = '', shift = '0'] = expression.replaceAll('_', '').split(' << ');
  const factors = left.split(' * ').map((factor) => factor.split(' ** ').map(Number));
  return factors.reduce((product, [base = Number.NaN, exponent = 1]) => product * base ** exponent, 2 ** Number(shift));
}

/** Constants that are named like limits, and integers of the configuration. */
export function namedLikeLimits(): readonly Place[] {
  const name =
    / (?:(?:DEFAULT_)?(?:MAX|MOST|MANY|LONGEST|LARGEST|LIMIT)(?:_|$)|DEFAULT_\w*LIMIT$|(?:max|most|longest|largest|deepest)(?:[A-Z]|$))/;
  const keys = configKeys().flatMap(({ key, term }) => (term.type === 'integer' ? [key] : []));
  return [...[...constants.keys()].filter((place) => name.test(place)), ...keys];
}

/** The limits as Markdown tables. Throws if one is not where it is said to be. */
export function printLimits(): string {
  const tables = Object.entries(limits).map(([title, rows]) => {
    const lines = rows.map(([what, at, then, unit = '']) => {
      const [limit, key] = limitAt(at, unit);
      return `| ${what} | ${limit} | ${key} | ${then} |`;
    });
    return [`### ${title}`, '', '| what | limit | key | beyond it |', '|---|---|---|---|', ...lines].join('\n');
  });
  return tables.join('\n\n');
}

function limitAt(at: Place, unit: Unit): readonly [limit: string, key: string] {
  const value = constants.get(at);
  if (value !== undefined) return [inWords(numberOf(value), unit), ''];
  const term = configKeys().find(({ key }) => key === at)?.term;
  if (term === undefined) throw new Error(`there is no ${at}`);
  const fallback = term.default ?? term.fallback;
  return [fallback === undefined ? 'unset' : inWords(Number(fallback), (term.unit ?? '') as Unit), `\`${at}\``];
}

function inWords(value: number, unit: Unit): string {
  if (!(value > 0)) throw new Error('a limit that is no number');
  const number = (n: number) => n.toLocaleString('en');
  if (unit === 'bytes') {
    if (value >= 2 ** 20) return `${number(value / 2 ** 20)} MiB`;
    return value >= 1024 ? `${number(value / 1024)} KiB` : `${value} bytes`;
  }
  if (unit === 'ms') return value >= 120_000 ? `${number(value / 60_000)} min` : `${number(value / 1000)} s`;
  return number(value);
}
