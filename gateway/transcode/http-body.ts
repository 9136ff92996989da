import type { MessageType } from '../../proto/schema.js';
import { LENGTH } from '../../proto/wire/wire.js';
import { WireWriter } from '../../proto/wire/writer.js';

/** Fields of google.api.HttpBody, google/api/httpbody.proto. */
const CONTENT_TYPE = 1;
const DATA = 2;

/** Whether the message stands for bytes of any media type. */
export function isHttpBody(type: MessageType | undefined): boolean {
  return type?.name === 'google.api.HttpBody';
}

/** A google.api.HttpBody in wire form, in pieces: the data is not copied. */
export function httpBody(contentType: string, data: Uint8Array): readonly Uint8Array[] {
  const head = new WireWriter();
  if (contentType !== '') head.bytesField(CONTENT_TYPE, contentType);
  if (data.length > 0) head.tag(DATA, LENGTH).uint32(data.length);
  return [head.finish(), data];
}
