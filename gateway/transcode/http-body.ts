import type { MessageType } from '../../proto/schema.js';
import { WireReader } from '../../proto/wire/reader.js';
import { LENGTH } from '../../proto/wire/wire.js';
import { WireWriter } from '../../proto/wire/writer.js';

/** Field numbers of google/api/httpbody.proto. */
const CONTENT_TYPE = 1;
const DATA = 2;

/** Longest media type that is handed on, characters. */
const LONGEST_TYPE = 256;

/** What is sent where a google.api.HttpBody names no media type, or none that a header could hold. */
export const OCTET_STREAM = 'application/octet-stream';

/** Bytes of any type, as google.api.HttpBody carries them. */
export interface RawBody {
  readonly contentType: string;
  /** A view into the message. */
  readonly data: Uint8Array;
}

/** Whether the message stands for bytes of any media type. */
export function isHttpBody(type: MessageType | undefined): boolean {
  return type?.name === 'google.api.HttpBody';
}

/** A google.api.HttpBody in wire form; its data comes and goes in pieces, which are not copied. */
export function httpBody(contentType: string, data: readonly Uint8Array[]): readonly Uint8Array[] {
  const head = new WireWriter();
  const length = data.reduce((sum, piece) => sum + piece.length, 0);
  if (contentType !== '') head.bytesField(CONTENT_TYPE, contentType);
  if (length > 0) head.tag(DATA, LENGTH).uint32(length);
  return [head.finish(), ...data];
}

const utf8 = new TextDecoder();

/** Reads the wire bytes of a google.api.HttpBody; of a field that comes twice the last one counts. Throws WireFormatError. */
export function readHttpBody(wire: Uint8Array): RawBody {
  let contentType = '';
  let data: Uint8Array = wire.subarray(0, 0);
  const reader = new WireReader(wire);
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === ((CONTENT_TYPE << 3) | LENGTH)) contentType = utf8.decode(reader.view());
    else if (tag === ((DATA << 3) | LENGTH)) data = reader.view();
    else reader.skip(tag);
  }
  return { contentType: isMediaType(contentType) ? contentType : OCTET_STREAM, data };
}

/** A media type with its parameters (RFC 9110 section 8.3.1): printable ASCII, so that it is nothing more than one header's value. */
function isMediaType(text: string): boolean {
  return text.length <= LONGEST_TYPE && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*(;[\x20-\x7e]*)?$/.test(text);
}
