import { type Static, Type } from 'typebox';

const defaults = {
  expose: true,
  unbound: false,
  upstream: 'default',
  deadlineMs: 60_000,
  idleMs: 300_000,
  maxBody: 1024 * 1024,
  maxParts: 1000,
  maxReply: 16 * 1024 * 1024,
  maxDetails: 64 * 1024,
  unknown: 'error',
  pathConflict: 'error',
  queryLists: 'repeat',
  errors: 'status',
  successStatus: 200,
  redirects: false,
  halfDuplex: false,
  streamEnvelope: 'auto',
  streamForm: 'lines',
  mediaTypes: 'strict',
  extraBody: 'error',
  texts: 'protojson',
  masks: 'protojson',
  emptyString: 'error',
  webSocket: 'auto',
} as const;

/** A timer of Node.js takes no more milliseconds, a buffer hardly more bytes. */
const largest = 2 ** 31 - 1;

const word = <const V extends string[]>(fallback: V[number], values: readonly [...V], description: string) =>
  Type.Optional(Type.Enum<V>(values, { fallback, description }));
const flag = (fallback: boolean, description: string) => Type.Optional(Type.Boolean({ fallback, description }));
const amount = (unit: 'ms' | 'bytes', fallback: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: largest, unit, fallback, description }));

/** A limit that is not there by default. */
const limit = (description: string, more: { readonly unit?: 'bytes' | 'ms' } = {}) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: largest, ...more, description }));

/** The settings a policy may make. They have a `fallback`, not a `default`: a rule must not set what it does not mention. */
export const policySettings = {
  expose: flag(defaults.expose, 'Serve the methods at all.'),
  visibility: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 4096, description: 'Label.' }), {
      maxItems: 1000,
      description:
        'Serve only the methods that `google.api.method_visibility` and `google.api.api_visibility` leave open, or open to one of these labels. Unset: all.',
    }),
  ),
  unbound: flag(defaults.unbound, 'Serve methods without an HTTP rule as `POST /pkg.Service/Method` with the message as body.'),
  upstream: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, fallback: defaults.upstream, description: 'Name of the upstream that serves the methods.' }),
  ),
  deadlineMs: amount('ms', defaults.deadlineMs, 'Longest time of a unary call, also if the client asks for more; then 504.'),
  streamDeadlineMs: limit(
    'Longest time of a stream, also if the client asks for more; it then ends with an error, which is 504 if nothing was sent. Unset: no limit, but what the client asks for.',
    { unit: 'ms' },
  ),
  idleMs: amount('ms', defaults.idleMs, 'A stream is cancelled when no message comes or goes for so long.'),
  maxBody: amount('bytes', defaults.maxBody, 'Largest body of a unary request; more is answered 413.'),
  maxParts: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      fallback: defaults.maxParts,
      description: 'Most parts of a `multipart/form-data` body; more are answered 400.',
    }),
  ),
  maxReply: amount(
    'bytes',
    defaults.maxReply,
    'Largest message accepted from the upstream, and largest JSON made of it; more is answered 500.',
  ),
  maxDetails: amount(
    'bytes',
    defaults.maxDetails,
    'Largest details of an error as JSON; those that do not fit are base64 if that fits, or left out. Code and message stay.',
  ),
  maxItem: limit(
    'Largest message of a stream, also as JSON; a larger one ends the stream with an error, 413 for one of the client. Unset: `maxReply` for a streamed reply, `maxBody` for a message of a client.',
    { unit: 'bytes' },
  ),
  maxItems: limit(
    'Most messages of a stream, of each way; one more ends the stream with an error, 400 for one of the client. Unset: no limit.',
  ),
  unknown: word(
    defaults.unknown,
    ['error', 'ignore'],
    'Fields that the schema does not know, and enum names that it does not know in JSON, are refused (`error`) or skipped (`ignore`).',
  ),
  pathConflict: word(
    defaults.pathConflict,
    ['error', 'override'],
    'A body or query that contradicts the path is refused (`error`), or the path wins (`override`).',
  ),
  queryLists: word(
    defaults.queryLists,
    ['repeat', 'commas', 'brackets', 'any'],
    'Lists in queries and forms repeat their key (`repeat`), or may also be written `a=1,2` (`commas`), `a[]=1&a[]=2` (`brackets`), or both (`any`). With commas a text that has one must have it encoded (`%2C`).',
  ),
  texts: word(
    defaults.texts,
    ['protojson', 'go'],
    "Values in paths, queries and forms have ProtoJSON's forms (`protojson`), or also those of Go's parsers: `1`, `t` or `T` for true, `1h2m` or `100ms` for durations (`go`).",
  ),
  masks: word(
    defaults.masks,
    ['protojson', 'either'],
    'Field masks in JSON bodies have paths in lowerCamelCase (`protojson`), or in proto names, too, as in queries (`either`).',
  ),
  emptyString: word(
    defaults.emptyString,
    ['error', 'message'],
    'A body of `""` where a message is expected is refused (`error`), or an empty message (`message`): some REST clients send that for "nothing".',
  ),
  errors: word(
    defaults.errors,
    ['status', 'google'],
    'Error bodies are a `google.rpc.Status` (`status`), or wrapped as AIP-193 has it, for Google clients (`google`).',
  ),
  successStatus: Type.Optional(
    Type.Integer({
      minimum: 200,
      maximum: 299,
      fallback: defaults.successStatus,
      description: 'HTTP status of a good unary answer whose metadata has no `x-http-code`. With 204 and 205 the reply is not sent.',
    }),
  ),
  redirects: flag(
    defaults.redirects,
    'The upstream may answer with a 3xx status by `x-http-code` metadata, not only with 2xx. Put `location` or `etag` on `metadata.reply`.',
  ),
  halfDuplex: flag(
    defaults.halfDuplex,
    'The answer of a bidirectional stream waits until its request has ended, for clients that read only when they have sent all. It may have `maxReply` bytes until then; one that fails by then is an error with its own status, without the items before.',
  ),
  streamEnvelope: word(
    defaults.streamEnvelope,
    ['auto', 'always'],
    'Items of a stream stand in `{"result":...}` where they could be taken for its `{"error":...}` (`auto`), or everywhere, and with them an error of the upstream before the first item (`always`).',
  ),
  streamForm: word(
    defaults.streamForm,
    ['lines', 'array', 'json-lines'],
    'A stream whose request asks for no form is NDJSON (`lines`), or a JSON array (`array`), which `application/json` means in both cases; or it is one value a line, and so is `application/json`, under which name it goes (`json-lines`).',
  ),
  mediaTypes: word(
    defaults.mediaTypes,
    ['strict', 'lenient'],
    'A body of a media type that the method does not take is 415, and an `Accept` that names no type of its replies 406 (`strict`); or both are taken for JSON (`lenient`).',
  ),
  webSocket: word(
    defaults.webSocket,
    ['auto', 'always', 'never'],
    'A WebSocket may be opened at the path of a rule, for methods that stream (`auto`), also for those that do not (`always`), or for none (`never`).',
  ),
  extraBody: word(
    defaults.extraBody,
    ['error', 'ignore', 'form'],
    'A body where the rule takes none is refused (`error`) or ignored (`ignore`); or a form (`application/x-www-form-urlencoded`) sets fields as the query does, other bodies are ignored, and a POST of a form is served by the GET rule of its path if there is no POST rule (`form`).',
  ),
};

type Unlimited = 'visibility' | 'streamDeadlineMs' | 'maxItem' | 'maxItems';

/** Every setting of a method. */
export type PolicySettings = {
  readonly [K in keyof typeof policySettings]: Static<(typeof policySettings)[K]> | (K extends Unlimited ? undefined : never);
};

/** What holds where no rule of `policies` says otherwise. */
export const policyDefaults: PolicySettings = Object.freeze({
  ...defaults,
  streamDeadlineMs: undefined,
  visibility: undefined,
  maxItem: undefined,
  maxItems: undefined,
});
