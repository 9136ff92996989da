import { type Static, type TProperties, type TSchemaOptions, Type } from 'typebox';
import { cors } from './cors.js';
import { http2Limits } from './http2-limits.js';
import { listenerTls } from './listener-tls.js';
import { metadata } from './metadata.js';
import { places } from './places.js';
import { policySettings } from './policy.js';
import { requestKeys } from './requests.js';
import { ruleKeys } from './rules.js';
import { count, flag, list, millis, oneOf, path, section, size, text, urlPath, urlPathOrOff } from './terms.js';
import { upstream } from './upstream.js';

const policy = Type.Object(
  {
    select: text(
      'Methods the rule applies to: `pkg.Service.Method`, `pkg.Service.*`, `pkg.*` or `*`. The most specific rule wins, setting by setting.',
      {
        expected: '"pkg.Service.Method", "pkg.Service.*", "pkg.*" or "*"',
        pattern: '^(\\*|[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*(\\.\\*)?)$',
      },
    ),
    ...policySettings,
  },
  { additionalProperties: false, description: 'Settings for the selected methods.' },
);

const sources = {
  protos: list('`.proto` files, or folders of them.', path()),
  importPaths: list(
    'Folders in which imports are looked for. The `google/api`, `google/rpc` and `google/protobuf` files are always found.',
    path(),
  ),
  descriptorSets: list(
    'Binary FileDescriptorSets, as `protoc --include_imports --include_source_info -o` writes them: files, or `http://` and `https://` URLs.',
    path('Path or URL.'),
  ),
  fetchIntervalMs: millis(
    'How often URLs are asked whether their descriptor set has changed, give or take a fifth; 0: only at a reload.',
    30_000,
    0,
  ),
  rules: list('HTTP rules beside the protos: YAML or JSON files with a `google.api.Service`, of which `http` counts.', path()),
  watch: flag('Reload when the contents of these files, of the configuration file or of TLS files change.', true),
};

const json = {
  defaults: flag(
    'Replies carry fields without presence also when they hold their default (`0`, `""`, `[]`); extensions only when they are set.',
    true,
  ),
  nulls: Type.Optional(
    Type.Boolean({
      fallback: false,
      description: 'Replies carry singular message fields that are unset, as `null`; members of a oneof and extensions excepted.',
    }),
  ),
  protoNames: flag('Replies name fields as the proto does (`page_size`) instead of in lowerCamelCase.', false),
  enums: oneOf('How replies write enum values. Requests may use both.', ['name', 'number']),
  int64: oneOf('How replies write 64-bit integers. As a `number` those beyond 2^53 lose digits in JavaScript clients.', [
    'string',
    'number',
  ]),
};

const docs = {
  enabled: flag('Serve the OpenAPI documents and Swagger UI.', true),
  ui: urlPathOrOff(
    'Where Swagger UI is; `false` turns it off.',
    '/swagger-ui/',
    '^/([A-Za-z0-9._~-]+/)*$',
    'a path that begins and ends with "/"',
  ),
  document: urlPath(
    'Where the OpenAPI document is; the same in YAML is beside it, with `.yaml` for `.json`.',
    '/openapi.json',
    '^/([A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]+\\.json$',
    'a path that begins with "/" and ends with ".json"',
  ),
  title: Type.Optional(text("Title of the document. Unset: the services' names.")),
  visibility: list(
    'Labels whose readers the document is for: methods, fields and enum values that `google.api.*_visibility` restricts to other labels are left out. They are served all the same; see `policies[].visibility`.',
    text('Label.'),
  ),
  version: Type.Optional(text('Version of the API in the document. Unset: from the package names (`v1`).')),
};

const plainPath = '^(/[A-Za-z0-9._~-]+)+$';
const health = {
  live: urlPathOrOff(
    'Answers 200 as long as the process runs; `false` turns it off.',
    '/healthz',
    plainPath,
    'a path that begins with "/"',
  ),
  ready: urlPathOrOff(
    'Answers 200 when requests can be served and 503 when not, draining included; `false` turns it off.',
    '/readyz',
    plainPath,
    'a path that begins with "/"',
  ),
};

const limits = {
  headers: size('Largest request line and headers together; more is answered 431.', 16 * 1024, 1024, 1024 * 1024),
  headersTimeoutMs: millis('Longest time for the headers of a request to arrive; then 408.', 15_000),
  bodyTimeoutMs: millis('Longest time for the body of a unary request to arrive; then 408.', 60_000),
  keepAliveTimeoutMs: millis(
    'How long a client connection stays open that is idle, or whose client does not read its answer. Keep it above the idle timeout of a load balancer in front.',
    72_000,
  ),
  exchangesPerConnection: Type.Integer({
    minimum: 1,
    maximum: 1000,
    default: 16,
    description:
      'How many requests that a client sends on one connection without waiting for answers (HTTP/1.1 pipelining) may be in progress; the next wait.',
  }),
  http2: section('Limits of one HTTP/2 connection of a client.', http2Limits),
  inFlight: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 10_000,
    description:
      'How many requests may be in progress in all; more are 503 at once, with `Retry-After`. Health checks are answered all the same.',
  }),
  maxConnections: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'Client connections at a time; further ones are closed at once. Unset: no limit.',
    }),
  ),
  drainDelayMs: millis('After a stop signal: how long requests are still accepted while the readiness path already answers 503.', 1000, 0),
  shutdownGraceMs: millis('How long requests and streams in progress may then take before they are cut.', 10_000, 0),
};

const streams = {
  maxFrames: count(
    'Frames that the client of a WebSocket may send in a second, pings among them; one that sends more is held back.',
    10_000,
    1_000_000,
  ),
  headerDelayMs: millis('Headers of a streamed reply leave with its first item, or after this time if there is none yet.', 1000, 0),
  heartbeatMs: millis(
    'Server-sent events say that they live, by a comment, when no item has come for so long, and the client of a WebSocket that is as silent is asked whether it lives; 0: neither.',
    15_000,
    0,
  ),
  retryMs: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 2 ** 31 - 1,
      unit: 'ms',
      description:
        'How long a client of server-sent events shall wait before it connects again (`retry`). Unset: as it likes, a few seconds.',
    }),
  ),
};

const log = {
  level: oneOf('Least severe entries that are logged.', ['info', 'trace', 'debug', 'warn', 'error', 'fatal', 'silent']),
  format: Type.Optional(
    Type.Enum(['json', 'text'], {
      description: 'Form of the log. Unset: `text` on a terminal, `json` elsewhere.',
    } satisfies TSchemaOptions),
  ),
};

const keys = {
  listen: places,
  tls: Type.Optional(listenerTls),
  sources: section('Where the descriptors of the services come from. File paths are relative to the configuration file.', sources),
  upstreams: Type.Record(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' }), upstream, {
    additionalProperties: false,
    maxProperties: 1000,
    default: {},
    description: 'gRPC servers by name. Methods go to the one named `default` unless a policy says otherwise.',
  }),
  compat: Type.Optional(
    Type.Enum(['grpc-gateway', 'google'], {
      description:
        "Defaults that clients of another gateway expect (`grpc-gateway`), or those of Google's APIs (`google`); every setting that is made wins over them, and lists add to them.",
    } satisfies TSchemaOptions),
  ),
  policies: list('Settings by method.', policy, 10_000),
  json: section('Form of JSON replies.', json),
  rules: oneOf('Rules of `sources.rules` take the place of what the protos say of a method (`override`), or stand beside it (`add`).', [
    'override',
    'add',
  ]),
  invalidRules: oneOf('An illegal HTTP rule stops the start (`error`), or is left out with a warning (`skip`).', ['error', 'skip']),
  ...ruleKeys,
  encodedSlashes: oneOf(
    '`%2F` in a path is data (`data`), or a slash where the path is otherwise that of no route (`match`), as clients expect that were generated from documents of grpc-gateway. Not behind a proxy that decides by path who may pass: what is one segment to it are two here.',
    ['data', 'match'],
  ),
  ...requestKeys,
  metadata: section('Headers and gRPC metadata that may pass.', metadata),
  cors: section('Web pages of other sites.', cors),
  docs: section('OpenAPI documents and Swagger UI.', docs),
  health: section('Health checks.', health),
  limits: section('Limits of the listener.', limits),
  admin: Type.Optional(
    Type.Object(
      {
        listen: text('`HOST:PORT` to listen on; port 0 takes a free one.', { format: 'listen' }),
        hosts: list(
          'Names by which it may be asked (`Host`), besides its addresses and `localhost`: a page that has its own name point here is answered 421.',
          text('Host name, without port.', {
            pattern: '^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$',
            expected: 'a host name without port',
          }),
        ),
      },
      {
        additionalProperties: false,
        description:
          'Readiness in detail (`GET /-/ready`), reload (`POST /-/reload`) and metrics (`GET /metrics`). They ask nobody who they are: choose an address that only operators can reach. Unset: none.',
      },
    ),
  ),
  trustProxy: list(
    'Proxies whose `x-forwarded-*` headers are believed: addresses, CIDR ranges, or `loopback`, `linklocal`, `uniquelocal`.',
    text('Address or range.', {
      pattern: '^([0-9A-Fa-f:.]+(/[0-9]{1,3})?|loopback|linklocal|uniquelocal)$',
      expected: 'an IP address, a CIDR range, "loopback", "linklocal" or "uniquelocal"',
    }),
  ),
  streams: section('Streamed replies.', streams),
  log: section('Logging.', log),
} satisfies TProperties;

/** Keywords of {@link configSchema} that say something to people only, or to the path resolution. */
export const annotations = ['unit', 'fallback', 'expected', 'isPath'] as const;

/**
 * Everything that can be configured: the one source of the type {@link Config}, the validation, the editor's JSON Schema and the reference table.
 * Annotations beside JSON Schema's own: `unit`, `fallback` (value that holds when no policy sets one), `expected` (for messages), `isPath`.
 */
export const configSchema = Type.Object(keys, { additionalProperties: false, description: 'Configuration of protogate.' });

type Frozen<T> = T extends readonly (infer I)[] ? readonly Frozen<I>[] : T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** A validated configuration with every default filled in. Deeply frozen. File paths are resolved. */
export type Config = Frozen<Static<typeof configSchema>>;
/** One upstream server. */
export type UpstreamConfig = Config['upstreams'][string];
/** One entry of `policies`: the settings it sets, for the methods it selects. */
export type PolicyRule = Config['policies'][number];
