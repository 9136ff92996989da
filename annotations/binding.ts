import type { FieldChain, Location, MethodType } from '../proto/schema.js';

/** One segment of a template: a literal as written, one segment (`*`), or any number of them (`**`). */
export type Segment = { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'single' } | { readonly kind: 'multi' };

/** A parsed path template, https://github.com/googleapis/googleapis/blob/master/google/api/http.proto "Path template syntax". */
export interface PathTemplate {
  /** As written: `/v1/{name=shelves/*}:archive`. */
  readonly text: string;
  readonly segments: readonly Segment[];
  /** The custom verb, without its colon. */
  readonly verb: string | undefined;
}

/** What a variable of the template captures, in order of appearance. */
export interface Capture {
  /** The field it sets. */
  readonly chain: FieldChain;
  /** Segments `[start, end)` of the template. */
  readonly start: number;
  readonly end: number;
  /** More than one segment or `**`: `%2F` stays as it came (http.proto, "Path template syntax"). */
  readonly multi: boolean;
}

/** One HTTP binding of a method: a legal rule, resolved against the schema. Frozen. */
export interface Binding {
  /** Dense, 0-based, stable for equal input. */
  readonly id: number;
  readonly method: MethodType;
  /** Where the rule came from: the proto file, an external rules file, or `expose: unbound`. */
  readonly origin: 'proto' | 'rules' | 'unbound';
  /** Where the rule is written, unless it is at its method. */
  readonly where?: Location;
  /** HTTP method in upper case, or `*` for a custom kind `*`. */
  readonly httpMethod: string;
  readonly template: PathTemplate;
  /** Place among the rules of its method: 0 for the first, then its `additional_bindings`, then what a rules file adds. */
  readonly index: number;
  readonly body: 'none' | '*' | FieldChain;
  /** `response_body`; empty = the whole message. */
  readonly response: FieldChain;
  readonly captures: readonly Capture[];
}

/** What a request line resolves to. */
export type Match =
  | {
      readonly kind: 'hit';
      readonly binding: Binding /** Decoded, in the order of `binding.captures`. */;
      readonly captures: readonly string[];
    }
  | { readonly kind: 'method' /** Value of the `Allow` header. */; readonly allow: string }
  | { readonly kind: 'bad' /** Safe to show to a client. */; readonly reason: string }
  | { readonly kind: 'none' };

/** All bindings of a schema, found by method and raw request target. Independent of registration order. Never throws. */
export interface RouteTable {
  readonly bindings: readonly Binding[];
  /** `target` is the raw request target in origin or absolute form, query included. */
  match(method: string, target: string): Match;
  /** For a WebSocket handshake, which is always GET: by path over all HTTP methods; bidi, then client stream, then server stream, then unary. */
  upgrade(target: string): Match;
}
