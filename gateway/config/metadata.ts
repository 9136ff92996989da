import { Type } from 'typebox';
import { list, text } from './terms.js';

const headerName = (pattern: string, description: string) =>
  text(description, { pattern, maxLength: 200, expected: 'a header name, or the beginning of one with "*" after it' });

/** A `fallback`, not a `default`: a preset fills in what nobody has set. */
const flag = (description: string) => Type.Optional(Type.Boolean({ fallback: false, description }));

/** The section `metadata`. */
export const metadata = {
  forward: list(
    'Request headers that go to the upstream besides `authorization`, `traceparent`, `tracestate`, `accept-language` and `x-request-id`. `x-goog-*` means all that begin so.',
    headerName('^[A-Za-z0-9_.-]+\\*?$', 'Header name, or a prefix with `*` at its end.'),
  ),
  webSocket: list(
    'Names that the first message of a WebSocket may have in `$metadata` besides `authorization`, `x-goog-api-key`, `accept-language`, `traceparent`, `tracestate`, `x-request-id` and `grpc-timeout`. A proxy that strips or sets such headers does not see them there.',
    headerName('^[A-Za-z0-9_.-]+\\*?$', 'Header name, or a prefix with `*` at its end.'),
  ),
  reply: list(
    'Response metadata of the upstream that reaches the client as headers.',
    headerName('^[A-Za-z0-9_.-]+\\*?$', 'Metadata name, or a prefix with `*` at its end.'),
  ),
  forwardPrefixed: flag(
    'Request headers `Grpc-Metadata-NAME` go to the upstream as `NAME`: clients may then set any metadata but that of the protocol.',
  ),
  forwardPermanent: flag(
    'Well-known request headers (`Cookie`, `User-Agent`, `Origin`...) go to the upstream as `grpcgateway-NAME`, `Authorization` under its own name, too.',
  ),
  nonAscii: Type.Optional(
    Type.Enum(['error', 'drop'], {
      fallback: 'error',
      description:
        'A request header that goes to the upstream and whose value is not printable ASCII, which gRPC cannot carry, is refused with 400 (`error`), or left out and logged (`drop`).',
    }),
  ),
  fileNames: flag(
    'The names of files that a body of `multipart/form-data` has go to the upstream as `x-http-body-filename`, one entry a file: `FIELD=NAME`, percent-encoded as in a query.',
  ),
  replyPrefixed: flag(
    'Initial response metadata that `metadata.reply` does not name reaches the client as `Grpc-Metadata-NAME` headers, whatever it is.',
  ),
  trailers: flag('Trailing metadata reaches clients that send `TE: trailers` as `Grpc-Trailer-NAME` trailer fields, whatever it is.'),
};

/** What holds where neither the configuration nor a preset says otherwise. */
export const metadataDefaults = {
  forwardPrefixed: false,
  forwardPermanent: false,
  nonAscii: 'error',
  fileNames: false,
  replyPrefixed: false,
  trailers: false,
} as const;
