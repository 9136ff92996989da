import type { Binding } from '../../annotations/binding.js';
import { formOf } from '../../proto/json/form.js';
import type { MessageType } from '../../proto/schema.js';
import { Refusal } from '../exchange/refusal.js';
import { isHttpBody } from './http-body.js';
import type { Multipart, Parts } from './multipart.js';
import { isUtf8Type } from './parameters.js';

/** A request body that is not JSON text. */
export type Content =
  /** Form fields, `application/x-www-form-urlencoded`. */
  | { readonly kind: 'form'; readonly bytes: Uint8Array }
  | Parts
  /** A message in wire form, `application/protobuf`. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  /** Bytes of any type, for google.api.HttpBody; `type` is the Content-Type as it came, '' if there was none. */
  | { readonly kind: 'raw'; readonly type: string; readonly bytes: Uint8Array };

/** What a route takes as a body; decided when the route is built. */
export interface Accepts {
  /** There is no place for a body: it is taken for JSON, whatever its type, so that one that is not empty is refused. */
  readonly nothing: boolean;
  /** What becomes of a body that there is no place for. */
  readonly extraBody: BodyRules['extraBody'];
  /** A message with fields of its own, so that form fields have something to name. */
  readonly fields: boolean;
  /** A message, so that it can come in wire form. */
  readonly message: boolean;
  /** google.api.HttpBody: bytes of any type. */
  readonly raw: boolean;
  /** What is of none of these types is taken for JSON. */
  readonly otherwiseJson: boolean;
  /** Response headers of 415: what is accepted instead. */
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json';
const LINES_TYPE = 'application/x-ndjson';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const MULTIPART_TYPE = 'multipart/form-data';
const PROTOBUF_TYPE = 'application/protobuf';

/** What a method's policy says of request bodies. */
export interface BodyRules {
  readonly mediaTypes: 'strict' | 'lenient';
  readonly extraBody: 'error' | 'ignore' | 'form';
}

/** What a binding takes as a body. */
export function acceptsOf(binding: Binding, { mediaTypes, extraBody }: BodyRules): Accepts {
  const type = bodyType(binding);
  const raw = isHttpBody(type);
  const message = type !== undefined;
  const fields = message && formOf(type) === 'message';
  const accept = raw ? '*/*' : typesOf(binding.method.clientStream, fields, message).join(', ');
  const headers = { accept, ...acceptByMethod(binding.httpMethod, accept) };
  return { nothing: binding.body === 'none', extraBody, fields, message, raw, otherwiseJson: mediaTypes === 'lenient', headers };
}

function typesOf(stream: boolean, fields: boolean, message: boolean): string[] {
  const forms = stream ? [MULTIPART_TYPE] : [FORM_TYPE, MULTIPART_TYPE];
  const json = [...(stream ? [LINES_TYPE] : []), JSON_TYPE, ...(fields ? forms : [])];
  return message ? [...json, PROTOBUF_TYPE] : json;
}

/** The message that the body of a binding sets; undefined if there is no body, or it sets something else. */
export function bodyType({ body, method }: Binding): MessageType | undefined {
  if (body === 'none') return undefined;
  const field = body === '*' ? undefined : body.at(-1);
  if (field === undefined) return method.input;
  return field.kind === 'message' && !field.repeated ? field.type : undefined;
}

/** Accept-Post is https://www.w3.org/TR/ldp/#header-accept-post, Accept-Patch is RFC 5789, section 3.1; Accept RFC 9110, section 12.5.1. */
function acceptByMethod(httpMethod: string, accept: string): Record<string, string> {
  if (httpMethod === 'POST') return { 'accept-post': accept };
  return httpMethod === 'PATCH' ? { 'accept-patch': accept } : {};
}

const NO_BYTES = new Uint8Array(0);
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const QUOTE = 0x22;

/**
 * Tells by its media type what a request body is, JSON text or something else; throws {@link Refusal} if the route does not take it.
 *
 * JSON is `application/json`, `application/*+json`, no type at all, `text/plain`, and the form type when the body starts like JSON: that is what
 * `curl -d '{...}'` sends. All text is UTF-8 (RFC 8259, section 8.1; RFC 7578, section 5.1).
 */
export function acceptBody(accepts: Accepts, contentType: string | undefined, body: Uint8Array): Uint8Array | Content | Multipart {
  if (accepts.nothing && accepts.extraBody === 'error') return body;
  if (contentType === JSON_TYPE && !accepts.raw) return accepts.nothing ? NO_BYTES : body;
  const type = mediaType(contentType);
  if (accepts.nothing && !(accepts.extraBody === 'form' && type === FORM_TYPE)) return NO_BYTES;
  if (accepts.raw) return { kind: 'raw', type: contentType ?? '', bytes: body };
  if (accepts.message && isProtobuf(type)) return { kind: 'message', bytes: body };
  const text = acceptText(accepts, type, contentType ?? '', body);
  if (accepts.otherwiseJson) return text ?? body;
  if (text === undefined) throw refuseType(accepts);
  if (contentType !== undefined && !isUtf8Type(contentType)) throw refuseCharset(accepts);
  return text;
}

/** How the body of a client stream is cut into messages: JSON values, messages in wire form behind their lengths, or bytes of any type in pieces. */
export type CutContent = { readonly kind: 'json' | 'message' } | { readonly kind: 'raw'; readonly type: string };

/** The same, or the parts of `multipart/form-data`; `type` is the Content-Type as it came. */
export type StreamContent = CutContent | { readonly kind: 'multipart'; readonly type: string };

const linesTypes: ReadonlySet<string> = new Set([LINES_TYPE, 'application/ndjson', 'application/jsonl', 'application/jsonlines']);

/**
 * Tells by its media type how the body of a client stream is cut; throws {@link Refusal} if the route does not take it. What curl sends without being
 * told a type is JSON.
 */
export function acceptStream(accepts: Accepts, contentType: string | undefined): StreamContent {
  if (accepts.raw) return { kind: 'raw', type: contentType ?? '' };
  const type = mediaType(contentType);
  if (accepts.message && isProtobuf(type)) return { kind: 'message' };
  if (accepts.fields && type === MULTIPART_TYPE) return { kind: 'multipart', type: contentType ?? '' };
  if (accepts.otherwiseJson || accepts.nothing) return { kind: 'json' };
  if (!isJson(type) && !linesTypes.has(type) && type !== FORM_TYPE) throw refuseType(accepts);
  if (contentType !== undefined && !isUtf8Type(contentType)) throw refuseCharset(accepts);
  return { kind: 'json' };
}

function isProtobuf(type: string): boolean {
  return type === PROTOBUF_TYPE || type === 'application/x-protobuf';
}

/** A body of a type that is text; undefined if it is of another, or one that the route does not take. */
function acceptText(accepts: Accepts, type: string, contentType: string, body: Uint8Array): Uint8Array | Content | Multipart | undefined {
  if (isJson(type)) return body;
  if (type === FORM_TYPE) {
    if (startsLikeJson(body)) return accepts.nothing ? NO_BYTES : body;
    return accepts.fields || accepts.nothing ? { kind: 'form', bytes: body } : undefined;
  }
  return type === MULTIPART_TYPE && accepts.fields ? { kind: 'multipart', type: contentType, bytes: body } : undefined;
}

function isJson(type: string): boolean {
  return type === JSON_TYPE || type === '' || type === 'text/plain' || (type.startsWith('application/') && type.endsWith('+json'));
}

/** Says what a route takes instead of a media type that it does not. */
function refuseType({ headers }: Accepts): Refusal {
  return new Refusal('mediaType', '', `The media type of the request body is not supported: send ${headers.accept}.`, headers);
}

function refuseCharset({ headers }: Accepts): Refusal {
  return new Refusal('mediaType', '', 'The charset of the request body is not supported: send UTF-8.', headers);
}

/** Whether a body is of form fields, by its Content-Type. */
export function isForm(contentType: string | undefined): boolean {
  return mediaType(contentType) === FORM_TYPE;
}

function mediaType(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const end = contentType.indexOf(';');
  return (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

function startsLikeJson(body: Uint8Array): boolean {
  const first = body[firstNonSpace(body)];
  return first === OPEN_BRACE || first === OPEN_BRACKET || first === QUOTE;
}

function firstNonSpace(body: Uint8Array): number {
  let at = 0;
  while (at < body.length && isSpace(body[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Nothing but white space, `{}` or `""`: what REST clients send for "no body". */
export function isEmptyJson(body: Uint8Array): boolean {
  const start = firstNonSpace(body);
  const end = endOfText(body, start);
  if (end === start || isEmptyString(body)) return true;
  return body[start] === OPEN_BRACE && body[end - 1] === 0x7d && firstNonSpace(body.subarray(start + 1, end - 1)) === end - start - 2;
}

/** `""`, with white space around it or not. */
export function isEmptyString(body: Uint8Array): boolean {
  const start = firstNonSpace(body);
  return body[start] === QUOTE && body[start + 1] === QUOTE && endOfText(body, start) === start + 2;
}

/** Where the white space at the end begins. */
function endOfText(body: Uint8Array, start: number): number {
  let end = body.length;
  while (end > start && isSpace(body[end - 1])) end -= 1;
  return end;
}
