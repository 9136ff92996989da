import type { Binding } from '../../annotations/binding.js';
import type { FieldType, MessageType } from '../../proto/schema.js';
import { messageIn } from './select-fields.js';

/**
 * What the masks of a request may be masks of, likeliest first: the resource that the body is, one of the request, the request, the reply, the resource
 * or resources in it (https://google.aip.dev/134, https://google.aip.dev/157).
 *
 *     PATCH /v1/{book.name=books/*}   body: "book"  ->  Book, UpdateBookRequest
 *     GET /v1/books                                 ->  ListBooksRequest, ListBooksResponse, Book
 */
export function maskedTypes({ body, method, response }: Binding): readonly MessageType[] {
  const { input, output } = method;
  const sent = typeof body === 'string' ? [] : messagesOf(body.slice(-1));
  const last = response.at(-1);
  const reply = last === undefined ? [output] : messagesOf([last]);
  return [...new Set([...sent, ...messagesOf(input.fields), input, ...reply, ...reply.flatMap(({ fields }) => messagesOf(fields))])].filter(
    ({ name }) => name !== 'google.protobuf.FieldMask',
  );
}

function messagesOf(fields: readonly FieldType[]): MessageType[] {
  return fields.map(messageIn).filter((type) => type !== undefined);
}
