/** Messages of bookstore.proto as plain objects: proto names, 64-bit integers as text, enums by name. What is unset may be missing. */

/** google.protobuf.Timestamp. */
export interface Timestamp {
  readonly seconds?: string;
  readonly nanos?: number;
}

/** google.protobuf.Duration. */
export type Duration = Timestamp;

/** bookstore.v1.Shelf. */
export interface Shelf {
  readonly name?: string;
  readonly theme?: string;
  readonly book_count?: number;
}

/** bookstore.v1.Loan. */
export interface Loan {
  readonly reader?: string;
  readonly due_time?: Timestamp;
}

/** bookstore.v1.Book, as far as the store looks at it. */
export interface Book {
  readonly name?: string;
  readonly title?: string;
  readonly subtitle?: { readonly value?: string };
  readonly authors?: readonly { readonly name?: string; readonly born?: number }[];
  readonly genre?: string;
  readonly isbn?: string;
  readonly publish_time?: Timestamp;
  readonly create_time?: Timestamp;
  readonly rating?: number;
  readonly price?: number;
  readonly copies_sold?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly print?: { readonly pages?: number; readonly hardcover?: boolean };
  readonly audio?: { readonly length?: Duration; readonly narrator?: string };
  readonly thumbnail?: Uint8Array;
  readonly loan?: Loan;
}

/** bookstore.v1.BookEvent. */
export interface BookEvent {
  readonly created?: Book;
  readonly updated?: Book;
  readonly removed?: string;
}

/** bookstore.v1.CreateShelfRequest. */
export interface CreateShelfRequest {
  readonly shelf?: Shelf;
  readonly shelf_id?: string;
}

/** bookstore.v1.CreateBookRequest. */
export interface CreateBookRequest {
  readonly parent?: string;
  readonly book?: Book;
  readonly book_id?: string;
}

/** bookstore.v1.ListBooksRequest. */
export interface ListBooksRequest {
  readonly parent?: string;
  readonly page_size?: number;
  readonly page_token?: string;
  readonly genres?: readonly string[];
  readonly published_after?: Timestamp;
  readonly available?: boolean;
}

/** bookstore.v1.ListBooksResponse. */
export interface ListBooksResponse {
  readonly books: readonly Book[];
  readonly next_page_token: string;
  readonly total_size: number;
}

/** bookstore.v1.UpdateBookRequest. */
export interface UpdateBookRequest {
  readonly book?: Book;
  readonly update_mask?: { readonly paths?: readonly string[] };
}

/** bookstore.v1.BorrowBookRequest. */
export interface BorrowBookRequest {
  readonly name?: string;
  readonly reader?: string;
  readonly period?: Duration;
}
