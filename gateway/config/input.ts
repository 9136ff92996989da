/** What a user writes: every key with a default may be left out. A `Config` is one, too. Generated from the schema. */
export interface ConfigInput {
  /** Where to listen, or a list of that: `HOST:PORT` (port 0 takes a free one), `unix:/PATH`, or `systemd` for the sockets that it passes (`LISTEN_FDS`). Default: `127.0.0.1:8080`. */
  readonly listen?: string | readonly string[];
  /** TLS 1.2 and later, on every address of `listen`. The files are followed as sources are: new connections get the new certificate, and a pair that is broken is refused while the old one serves. Unset: plaintext. */
  readonly tls?: {
    /** Certificate, PEM, with those between it and the root behind it. */
    readonly cert: string;
    /** Private key of the certificate, PEM, without a password. */
    readonly key: string;
    /** Certificates of those who sign client certificates, PEM. Needs `clientCerts`. */
    readonly clientCa?: string;
    /** Whether clients have to show a certificate that `clientCa` has signed. `optional`: one that is shown must be right. Default: `none`. */
    readonly clientCerts?: 'none' | 'optional' | 'required';
  };
  /** Where the descriptors of the services come from. File paths are relative to the configuration file. */
  readonly sources?: {
    /** `.proto` files, or folders of them. */
    readonly protos?: readonly string[];
    /** Folders in which imports are looked for. The `google/api`, `google/rpc` and `google/protobuf` files are always found. */
    readonly importPaths?: readonly string[];
    /** Binary FileDescriptorSets, as `protoc --include_imports --include_source_info -o` writes them: files, or `http://` and `https://` URLs. */
    readonly descriptorSets?: readonly string[];
    /** How often URLs are asked whether their descriptor set has changed, give or take a fifth; 0: only at a reload. In milliseconds. Default: `30000`. */
    readonly fetchIntervalMs?: number;
    /** HTTP rules beside the protos: YAML or JSON files with a `google.api.Service`, of which `http` counts. */
    readonly rules?: readonly string[];
    /** Reload when the contents of these files, of the configuration file or of TLS files change. Default: `true`. */
    readonly watch?: boolean;
  };
  /** gRPC servers by name. Methods go to the one named `default` unless a policy says otherwise. */
  readonly upstreams?: {
    readonly [name: string]: {
      /** Where the server is: `HOST:PORT` (plaintext), `grpcs://HOST:PORT` (TLS), `dns://NAME:PORT` for a server at each address of a name, or `etcd://HOST:PORT/PREFIX` for those whose addresses stand under a prefix of etcd (TLS with `tls`, even an empty one). */
      readonly target: string;
      /** Only with a `grpcs://`, `dns://` or `etcd://` target. */
      readonly tls?: {
        /** Certificates to trust, PEM. Unset: those that Node.js trusts. */
        readonly ca?: string;
        /** Client certificate, PEM. Needs `key`. */
        readonly cert?: string;
        /** Private key of the client certificate, PEM. Needs `cert`. */
        readonly key?: string;
        /** Name to verify in the server's certificate instead of the target's host. */
        readonly serverName?: string;
      };
      /** Services that go to this upstream: `pkg.Service`, `pkg.*` or `*`. The most specific claim wins, and the `upstream` of a policy wins over all. */
      readonly services?: readonly string[];
      /** HTTP/2 client that talks to the server: `h2`, the own one, which needs far less CPU, or `grpc-js`. `auto` takes `h2` for every target that there is. Default: `auto`. */
      readonly lane?: 'auto' | 'h2' | 'grpc-js';
      /** Longest time to establish a connection; calls that wait for it then fail with 503. In milliseconds. Default: `5000`. */
      readonly connectTimeoutMs?: number;
      /** HTTP/2 PINGs while calls are open, to notice a server that is gone without a word. Servers must allow the interval: many refuse less than five minutes. Unset: none. */
      readonly keepAlive?: {
        /** Time without a sign of the server after which it is sent a PING. In milliseconds. Default: `300000`. */
        readonly intervalMs?: number;
        /** How long the answer may take before the connection is given up and its calls fail with 503. In milliseconds. Default: `20000`. */
        readonly timeoutMs?: number;
      };
      /** A connection without calls for that long is closed; the next call opens another. In milliseconds. Default: `600000`. */
      readonly idleTimeoutMs?: number;
      /** Bounds of what goes to the server. A reload with others cuts no call. */
      readonly limits?: {
        /** Connections at a time. Only `h2` opens more than one, when the streams that the server allows on each are taken. Default: `16`. */
        readonly connections?: number;
        /** Calls in progress, those that wait included; more are 503 at once, with `Retry-After`. Default: `10000`. */
        readonly inFlight?: number;
        /** Calls that wait for a connection, or for a place on one; more are 503 at once, with `Retry-After`. Default: `1000`. */
        readonly pending?: number;
        /** Longest wait for a connection, or for a place on one; then 503, with `Retry-After`. In milliseconds. Default: `1000`. */
        readonly pendingMs?: number;
      };
      /** The server is a source, too: its services come by gRPC server reflection. `true`, or a section; its services go to this upstream. */
      readonly reflection?:
        | boolean
        | {
            /** How often the server is asked again, give or take a fifth; 0: only when it comes back after a loss, and at a reload. In milliseconds. Default: `30000`. */
            readonly intervalMs?: number;
            /** Longest time for the whole answer. In milliseconds. Default: `10000`. */
            readonly timeoutMs?: number;
            /** Metadata to send with the question, such as `authorization`. */
            readonly metadata?: { readonly [name: string]: string };
            /** Services to take: `pkg.Service`, `pkg.*` or `*`. Empty: all, but those of the package `grpc` (health, reflection). */
            readonly services?: readonly string[];
          };
    };
  };
  /** Defaults that clients of another gateway expect (`grpc-gateway`), or those of Google's APIs (`google`); every setting that is made wins over them, and lists add to them. */
  readonly compat?: 'grpc-gateway' | 'google';
  /** Settings by method. */
  readonly policies?: readonly {
    /** Methods the rule applies to: `pkg.Service.Method`, `pkg.Service.*`, `pkg.*` or `*`. The most specific rule wins, setting by setting. */
    readonly select: string;
    /** Serve the methods at all. Default: `true`. */
    readonly expose?: boolean;
    /** Serve only the methods that `google.api.method_visibility` and `google.api.api_visibility` leave open, or open to one of these labels. Unset: all. */
    readonly visibility?: readonly string[];
    /** Serve methods without an HTTP rule as `POST /pkg.Service/Method` with the message as body. Default: `false`. */
    readonly unbound?: boolean;
    /** Name of the upstream that serves the methods. Default: `default`. */
    readonly upstream?: string;
    /** Longest time of a unary call, also if the client asks for more; then 504. In milliseconds. Default: `60000`. */
    readonly deadlineMs?: number;
    /** Longest time of a stream, also if the client asks for more; it then ends with an error, which is 504 if nothing was sent. Unset: no limit, but what the client asks for. In milliseconds. */
    readonly streamDeadlineMs?: number;
    /** A stream is cancelled when no message comes or goes for so long. In milliseconds. Default: `300000`. */
    readonly idleMs?: number;
    /** Largest body of a unary request; more is answered 413. In bytes. Default: `1048576`. */
    readonly maxBody?: number;
    /** Most parts of a `multipart/form-data` body; more are answered 400. Default: `1000`. */
    readonly maxParts?: number;
    /** Largest message accepted from the upstream, and largest JSON made of it; more is answered 500. In bytes. Default: `16777216`. */
    readonly maxReply?: number;
    /** Largest details of an error as JSON; those that do not fit are base64 if that fits, or left out. Code and message stay. In bytes. Default: `65536`. */
    readonly maxDetails?: number;
    /** Largest message of a stream, also as JSON; a larger one ends the stream with an error, 413 for one of the client. Unset: `maxReply` for a streamed reply, `maxBody` for a message of a client. In bytes. */
    readonly maxItem?: number;
    /** Most messages of a stream, of each way; one more ends the stream with an error, 400 for one of the client. Unset: no limit. */
    readonly maxItems?: number;
    /** Fields that the schema does not know, and enum names that it does not know in JSON, are refused (`error`) or skipped (`ignore`). Default: `error`. */
    readonly unknown?: 'error' | 'ignore';
    /** A body or query that contradicts the path is refused (`error`), or the path wins (`override`). Default: `error`. */
    readonly pathConflict?: 'error' | 'override';
    /** Lists in queries and forms repeat their key (`repeat`), or may also be written `a=1,2` (`commas`), `a[]=1&a[]=2` (`brackets`), or both (`any`). With commas a text that has one must have it encoded (`%2C`). Default: `repeat`. */
    readonly queryLists?: 'repeat' | 'commas' | 'brackets' | 'any';
    /** Values in paths, queries and forms have ProtoJSON's forms (`protojson`), or also those of Go's parsers: `1`, `t` or `T` for true, `1h2m` or `100ms` for durations (`go`). Default: `protojson`. */
    readonly texts?: 'protojson' | 'go';
    /** Field masks in JSON bodies have paths in lowerCamelCase (`protojson`), or in proto names, too, as in queries (`either`). Default: `protojson`. */
    readonly masks?: 'protojson' | 'either';
    /** A body of `""` where a message is expected is refused (`error`), or an empty message (`message`): some REST clients send that for "nothing". Default: `error`. */
    readonly emptyString?: 'error' | 'message';
    /** Error bodies are a `google.rpc.Status` (`status`), or wrapped as AIP-193 has it, for Google clients (`google`). Default: `status`. */
    readonly errors?: 'status' | 'google';
    /** HTTP status of a good unary answer whose metadata has no `x-http-code`. With 204 and 205 the reply is not sent. Default: `200`. */
    readonly successStatus?: number;
    /** The upstream may answer with a 3xx status by `x-http-code` metadata, not only with 2xx. Put `location` or `etag` on `metadata.reply`. Default: `false`. */
    readonly redirects?: boolean;
    /** The answer of a bidirectional stream waits until its request has ended, for clients that read only when they have sent all. It may have `maxReply` bytes until then; one that fails by then is an error with its own status, without the items before. Default: `false`. */
    readonly halfDuplex?: boolean;
    /** Items of a stream stand in `{"result":...}` where they could be taken for its `{"error":...}` (`auto`), or everywhere, and with them an error of the upstream before the first item (`always`). Default: `auto`. */
    readonly streamEnvelope?: 'auto' | 'always';
    /** A stream whose request asks for no form is NDJSON (`lines`), or a JSON array (`array`), which `application/json` means in both cases; or it is one value a line, and so is `application/json`, under which name it goes (`json-lines`). Default: `lines`. */
    readonly streamForm?: 'lines' | 'array' | 'json-lines';
    /** A body of a media type that the method does not take is 415, and an `Accept` that names no type of its replies 406 (`strict`); or both are taken for JSON (`lenient`). Default: `strict`. */
    readonly mediaTypes?: 'strict' | 'lenient';
    /** A WebSocket may be opened at the path of a rule, for methods that stream (`auto`), also for those that do not (`always`), or for none (`never`). Default: `auto`. */
    readonly webSocket?: 'auto' | 'always' | 'never';
    /** A body where the rule takes none is refused (`error`) or ignored (`ignore`); or a form (`application/x-www-form-urlencoded`) sets fields as the query does, other bodies are ignored, and a POST of a form is served by the GET rule of its path if there is no POST rule (`form`). Default: `error`. */
    readonly extraBody?: 'error' | 'ignore' | 'form';
  }[];
  /** Form of JSON replies. */
  readonly json?: {
    /** Replies carry fields without presence also when they hold their default (`0`, `""`, `[]`); extensions only when they are set. Default: `true`. */
    readonly defaults?: boolean;
    /** Replies carry singular message fields that are unset, as `null`; members of a oneof and extensions excepted. Default: `false`. */
    readonly nulls?: boolean;
    /** Replies name fields as the proto does (`page_size`) instead of in lowerCamelCase. Default: `false`. */
    readonly protoNames?: boolean;
    /** How replies write enum values. Requests may use both. Default: `name`. */
    readonly enums?: 'name' | 'number';
    /** How replies write 64-bit integers. As a `number` those beyond 2^53 lose digits in JavaScript clients. Default: `string`. */
    readonly int64?: 'string' | 'number';
  };
  /** Rules of `sources.rules` take the place of what the protos say of a method (`override`), or stand beside it (`add`). Default: `override`. */
  readonly rules?: 'override' | 'add';
  /** An illegal HTTP rule stops the start (`error`), or is left out with a warning (`skip`). Default: `error`. */
  readonly invalidRules?: 'error' | 'skip';
  /** Two rules for the same method and path stop the start (`error`), or the `first` or the `last` one, in order of files and lines, is served, with a warning of each other one. Default: `error`. */
  readonly conflicts?: 'error' | 'first' | 'last';
  /** A path variable that is a repeated field, which `http.proto` forbids, is an illegal rule (`error`), or holds values between commas: `/v1/{ids}` takes `/v1/1,2,3` (`commas`). Only for scalars and enums. Default: `error`. */
  readonly pathLists?: 'error' | 'commas';
  /** `%2F` in a path is data (`data`), or a slash where the path is otherwise that of no route (`match`), as clients expect that were generated from documents of grpc-gateway. Not behind a proxy that decides by path who may pass: what is one segment to it are two here. Default: `data`. */
  readonly encodedSlashes?: 'data' | 'match';
  /** A PATCH whose FieldMask is unset gets one made from the keys of its body. Default: `true`. */
  readonly patchMask?: boolean;
  /** Spelling of the query parameters that shape a reply: `$alt`, `$fields`, `$prettyPrint`, `$key` (`dollar`), or also without `$` where the request has no such field (`both`). Default: `dollar`. */
  readonly systemParameters?: 'dollar' | 'both';
  /** Headers and gRPC metadata that may pass. */
  readonly metadata?: {
    /** Request headers that go to the upstream besides `authorization`, `traceparent`, `tracestate`, `accept-language` and `x-request-id`. `x-goog-*` means all that begin so. */
    readonly forward?: readonly string[];
    /** Names that the first message of a WebSocket may have in `$metadata` besides `authorization`, `x-goog-api-key`, `accept-language`, `traceparent`, `tracestate`, `x-request-id` and `grpc-timeout`. A proxy that strips or sets such headers does not see them there. */
    readonly webSocket?: readonly string[];
    /** Response metadata of the upstream that reaches the client as headers. */
    readonly reply?: readonly string[];
    /** Request headers `Grpc-Metadata-NAME` go to the upstream as `NAME`: clients may then set any metadata but that of the protocol. Default: `false`. */
    readonly forwardPrefixed?: boolean;
    /** Well-known request headers (`Cookie`, `User-Agent`, `Origin`...) go to the upstream as `grpcgateway-NAME`, `Authorization` under its own name, too. Default: `false`. */
    readonly forwardPermanent?: boolean;
    /** A request header that goes to the upstream and whose value is not printable ASCII, which gRPC cannot carry, is refused with 400 (`error`), or left out and logged (`drop`). Default: `error`. */
    readonly nonAscii?: 'error' | 'drop';
    /** The names of files that a body of `multipart/form-data` has go to the upstream as `x-http-body-filename`, one entry a file: `FIELD=NAME`, percent-encoded as in a query. Default: `false`. */
    readonly fileNames?: boolean;
    /** Initial response metadata that `metadata.reply` does not name reaches the client as `Grpc-Metadata-NAME` headers, whatever it is. Default: `false`. */
    readonly replyPrefixed?: boolean;
    /** Trailing metadata reaches clients that send `TE: trailers` as `Grpc-Trailer-NAME` trailer fields, whatever it is. Default: `false`. */
    readonly trailers?: boolean;
  };
  /** Web pages of other sites. */
  readonly cors?: {
    /** Origins whose web pages may send requests that change something (all but `GET`, `HEAD`, `OPTIONS` and `TRACE`) from another site, as browsers write them: `https://app.example.com`. Others are answered 403. */
    readonly origins?: readonly string[];
  };
  /** OpenAPI documents and Swagger UI. */
  readonly docs?: {
    /** Serve the OpenAPI documents and Swagger UI. Default: `true`. */
    readonly enabled?: boolean;
    /** Where Swagger UI is; `false` turns it off. Default: `/swagger-ui/`. */
    readonly ui?: string | false;
    /** Where the OpenAPI document is; the same in YAML is beside it, with `.yaml` for `.json`. Default: `/openapi.json`. */
    readonly document?: string;
    /** Title of the document. Unset: the services' names. */
    readonly title?: string;
    /** Labels whose readers the document is for: methods, fields and enum values that `google.api.*_visibility` restricts to other labels are left out. They are served all the same; see `policies[].visibility`. */
    readonly visibility?: readonly string[];
    /** Version of the API in the document. Unset: from the package names (`v1`). */
    readonly version?: string;
  };
  /** Health checks. */
  readonly health?: {
    /** Answers 200 as long as the process runs; `false` turns it off. Default: `/healthz`. */
    readonly live?: string | false;
    /** Answers 200 when requests can be served and 503 when not, draining included; `false` turns it off. Default: `/readyz`. */
    readonly ready?: string | false;
  };
  /** Limits of the listener. */
  readonly limits?: {
    /** Largest request line and headers together; more is answered 431. In bytes. Default: `16384`. */
    readonly headers?: number;
    /** Longest time for the headers of a request to arrive; then 408. In milliseconds. Default: `15000`. */
    readonly headersTimeoutMs?: number;
    /** Longest time for the body of a unary request to arrive; then 408. In milliseconds. Default: `60000`. */
    readonly bodyTimeoutMs?: number;
    /** How long a client connection stays open that is idle, or whose client does not read its answer. Keep it above the idle timeout of a load balancer in front. In milliseconds. Default: `72000`. */
    readonly keepAliveTimeoutMs?: number;
    /** How many requests that a client sends on one connection without waiting for answers (HTTP/1.1 pipelining) may be in progress; the next wait. Default: `16`. */
    readonly exchangesPerConnection?: number;
    /** Limits of one HTTP/2 connection of a client. */
    readonly http2?: {
      /** How many requests may be in progress; more are refused (`REFUSED_STREAM`), and a client may send them again. Default: `100`. */
      readonly streams?: number;
      /** How many requests may be given up, or end by a fault of the client, within 10 seconds; more end the connection. Default: `500`. */
      readonly resets?: number;
      /** How many PING and SETTINGS frames a client may send within 10 seconds; more end the connection. Default: `500`. */
      readonly controls?: number;
    };
    /** How many requests may be in progress in all; more are 503 at once, with `Retry-After`. Health checks are answered all the same. Default: `10000`. */
    readonly inFlight?: number;
    /** Client connections at a time; further ones are closed at once. Unset: no limit. */
    readonly maxConnections?: number;
    /** After a stop signal: how long requests are still accepted while the readiness path already answers 503. In milliseconds. Default: `1000`. */
    readonly drainDelayMs?: number;
    /** How long requests and streams in progress may then take before they are cut. In milliseconds. Default: `10000`. */
    readonly shutdownGraceMs?: number;
  };
  /** Readiness in detail (`GET /-/ready`), reload (`POST /-/reload`) and metrics (`GET /metrics`). They ask nobody who they are: choose an address that only operators can reach. Unset: none. */
  readonly admin?: {
    /** `HOST:PORT` to listen on; port 0 takes a free one. */
    readonly listen: string;
    /** Names by which it may be asked (`Host`), besides its addresses and `localhost`: a page that has its own name point here is answered 421. */
    readonly hosts?: readonly string[];
  };
  /** Proxies whose `x-forwarded-*` headers are believed: addresses, CIDR ranges, or `loopback`, `linklocal`, `uniquelocal`. */
  readonly trustProxy?: readonly string[];
  /** Streamed replies. */
  readonly streams?: {
    /** Frames that the client of a WebSocket may send in a second, pings among them; one that sends more is held back. Default: `10000`. */
    readonly maxFrames?: number;
    /** Headers of a streamed reply leave with its first item, or after this time if there is none yet. In milliseconds. Default: `1000`. */
    readonly headerDelayMs?: number;
    /** Server-sent events say that they live, by a comment, when no item has come for so long, and the client of a WebSocket that is as silent is asked whether it lives; 0: neither. In milliseconds. Default: `15000`. */
    readonly heartbeatMs?: number;
    /** How long a client of server-sent events shall wait before it connects again (`retry`). Unset: as it likes, a few seconds. In milliseconds. */
    readonly retryMs?: number;
  };
  /** Logging. */
  readonly log?: {
    /** Least severe entries that are logged. Default: `info`. */
    readonly level?: 'info' | 'trace' | 'debug' | 'warn' | 'error' | 'fatal' | 'silent';
    /** Form of the log. Unset: `text` on a terminal, `json` elsewhere. */
    readonly format?: 'json' | 'text';
  };
}
