import { book, bookList, largeBook, smallBook, text } from './samples.js';

/** Items of a server stream; the Go backend has the same number. */
export const ITEMS_PER_STREAM = 100;

/** What an answer must say, whatever its spelling. */
export type Expected =
  | { readonly kind: 'value'; readonly value: object }
  | { readonly kind: 'items'; readonly value: object; readonly count: number }
  | { readonly kind: 'error'; readonly status: number; readonly code: number; readonly message: string };

/** One kind of request, sent over and over. */
export interface Case {
  readonly name: string;
  readonly title: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly connections: number;
  readonly rpc: Rpc;
  readonly expected: Expected;
}

/** Methods of bench.v1.Library. */
export type Rpc = 'GetBook' | 'CreateBook' | 'ListBooks' | 'ReadBook' | 'FindBook' | 'WatchBooks';

/** What the backend answers, but for `FindBook`, which always fails; to `WatchBooks` so many times. */
export const replies: Readonly<Record<Exclude<Rpc, 'FindBook'>, object>> = {
  GetBook: smallBook,
  CreateBook: largeBook,
  ListBooks: bookList,
  ReadBook: text,
  WatchBooks: book(1),
};

const get = {
  method: 'GET',
  path: '/v1/shelves/lantern/books/1001',
  rpc: 'GetBook',
  expected: { kind: 'value', value: replies.GetBook },
} as const;

const notFound = { kind: 'error', status: 404, code: 5, message: 'no such book' } as const;

/** The matrix. Its order is that of the tables. */
export const cases: readonly Case[] = [
  { name: 'get', title: 'GET, 0.3 KB', ...get, connections: 32 },
  {
    name: 'post',
    title: 'POST, 0.5 KB',
    method: 'POST',
    path: '/v1/shelves/lantern/books',
    body: JSON.stringify(largeBook),
    connections: 32,
    rpc: 'CreateBook',
    expected: { kind: 'value', value: replies.CreateBook },
  },
  {
    name: 'list',
    title: 'list of 100, 39 KB',
    method: 'GET',
    path: '/v1/shelves/lantern/books?pageSize=100',
    connections: 32,
    rpc: 'ListBooks',
    expected: { kind: 'value', value: replies.ListBooks },
  },
  {
    name: 'error',
    title: 'error, 404',
    method: 'GET',
    path: '/v1/shelves/lantern/lost/1001',
    connections: 32,
    rpc: 'FindBook',
    expected: notFound,
  },
  {
    name: 'text',
    title: 'string, 64 KB',
    method: 'GET',
    path: '/v1/shelves/lantern/books/1001/text',
    connections: 32,
    rpc: 'ReadBook',
    expected: { kind: 'value', value: replies.ReadBook },
  },
  { name: 'get-1', title: 'GET, 1 connection', ...get, connections: 1 },
  { name: 'get-256', title: 'GET, 256 connections', ...get, connections: 256 },
  {
    name: 'stream',
    title: `stream of ${ITEMS_PER_STREAM}`,
    method: 'GET',
    path: '/v1/shelves/lantern/watch',
    connections: 32,
    rpc: 'WatchBooks',
    expected: { kind: 'items', value: replies.WatchBooks, count: ITEMS_PER_STREAM },
  },
];
