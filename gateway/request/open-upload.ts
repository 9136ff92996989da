import { Readable } from 'node:stream';
import { createJsonSplitter } from '../../proto/json/splitter.js';
import type { Splitter } from '../../proto/split.js';
import { createDelimitedSplitter } from '../../proto/wire/delimited.js';
import { itemLimit } from '../api/policy.js';
import type { Incoming } from '../exchange/exchange.js';
import type { ItemComposer } from '../transcode/compose.js';
import { acceptStream, type CutContent } from '../transcode/content.js';
import { createPieces } from '../transcode/pieces.js';
import { BodyItems } from './body-items.js';
import { decoderOf } from './decompress.js';
import type { ItemSource } from './items.js';
import { PartItems } from './part-items.js';
import type { Route } from './route.js';
import type { MessageOf } from './upload.js';
import { UrlItem } from './url-item.js';

/** Bytes of an upload that go in one message at most. */
const MOST_OF_PIECE = 64 * 1024;

/** Where the items of a request come from, and how each becomes a message. */
export interface OpenUpload {
  readonly source: ItemSource;
  readonly messageOf: MessageOf;
}

/** Opens the body of a client stream; nothing of it is read yet. Throws `Refusal` if its type or its coding is not taken. */
export function openUpload({ accepts, policy }: Route, request: Incoming, compose: ItemComposer): OpenUpload {
  const { stream, headers } = request;
  const fromUrl = () => compose(undefined);
  if (accepts.nothing && (stream === undefined || accepts.extraBody !== 'error'))
    return { source: new UrlItem(undefined), messageOf: fromUrl };
  const content = acceptStream(accepts, headers['content-type']);
  const limit = itemLimit(policy);
  const body = stream ?? Readable.from([]);
  const createDecoder = decoderOf(headers['content-encoding']);
  if (content.kind === 'multipart') {
    const source = new PartItems(body, content.type, createDecoder, { parts: policy.maxParts, item: limit, piece: MOST_OF_PIECE });
    return { source, messageOf: () => compose(source.current) };
  }
  const items = new BodyItems(body, createDecoder, splitterOf(content, limit));
  return accepts.nothing ? { source: new UrlItem(items), messageOf: fromUrl } : { source: items, messageOf: messageOf(content, compose) };
}

function splitterOf(content: CutContent, limit: number): Splitter {
  if (content.kind === 'raw') return createPieces(Math.min(limit, MOST_OF_PIECE), content.type !== '');
  return content.kind === 'message' ? createDelimitedSplitter(limit) : createJsonSplitter(limit);
}

function messageOf(content: CutContent, compose: ItemComposer): MessageOf {
  switch (content.kind) {
    case 'json':
      return compose;
    case 'message':
      return (bytes) => compose({ kind: 'message', bytes });
    case 'raw':
      return (bytes) => compose({ kind: 'raw', type: content.type, bytes });
  }
}
