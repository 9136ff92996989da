import { Readable } from 'node:stream';
import { ItemTooLarge } from '../../proto/split.js';
import { badRequest } from '../exchange/errors.js';
import { Refusal } from '../exchange/refusal.js';
import { createPartParser, noHead, type PartParser, type Parts } from '../transcode/multipart.js';
import { type Part, readPartHead } from '../transcode/part.js';
import type { Decoder } from './decompress.js';
import { discard } from './discard.js';
import type { Holding } from './held-bytes.js';
import { crowded, incompletes } from './incomplete.js';
import type { ItemSink, ItemSource } from './items.js';

/** Limits of a body of parts. */
export interface PartLimits {
  readonly parts: number;
  /** Bytes of the form fields, and of the piece of a file, that are one item. */
  readonly item: number;
  readonly piece: number;
}

/** A part whose content is still to come. */
interface OpenPart {
  readonly head: Omit<Part, 'content'>;
  readonly content: AsyncIterable<Uint8Array>;
}

const NOTHING = new Uint8Array(0);

/**
 * The items of a body of `multipart/form-data` that is taken apart as it comes: form fields that follow each other are one, and so is each piece of
 * a file.
 *
 *     name = A, tags = t, file = (100 KiB)   ->   { name, tags }  { file: 64 KiB }  { file: 36 KiB }
 */
export class PartItems implements ItemSource {
  /** What the item is that was given last. */
  current: Parts = { kind: 'parts', parts: [] };
  readonly #dicer: PartParser;
  readonly #parts = new Readable({ objectMode: true, read() {} });
  #items: Readable | undefined;
  #decoder: Decoder | undefined;
  #stopped = false;
  /** Of fields. */
  #held: Holding | undefined;

  /**
   * Throws {@link Refusal} if the media type is malformed.
   *
   * @param createDecoder makes what undoes the content coding, if there is one
   */
  constructor(
    private readonly body: Readable,
    type: string,
    private readonly createDecoder: (() => Decoder) | undefined,
    private readonly limits: PartLimits,
  ) {
    this.#dicer = createPartParser(type);
  }

  start(sink: ItemSink): void {
    this.#takeApart();
    const items = Readable.from(this.#gather(), { highWaterMark: 1 });
    this.#items = items;
    items.on('data', (parts: readonly Part[]) => {
      this.current = { kind: 'parts', parts };
      sink.item(NOTHING);
    });
    items.on('end', () => {
      this.#release();
      if (!this.#stopped) sink.end();
    });
    items.on('error', (error) => {
      if (!this.#stopped) sink.fail(error);
    });
  }

  pause(): void {
    this.#items?.pause();
  }

  resume(): void {
    this.#items?.resume();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#release();
    if (this.#items === undefined) return;
    const { body } = this;
    this.#items.destroy();
    this.#parts.destroy();
    body.unpipe();
    this.#decoder?.unpipe().destroy();
    discard(body);
  }

  /** Makes {@link OpenPart}s of the body. */
  #takeApart(): void {
    const { body } = this;
    const dicer = this.#dicer;
    const fail = (error: Error) => this.#parts.destroy(error);
    let count = 0;
    let heads = 0;
    dicer.on('part', (stream) => {
      const number = count + 1;
      count = number;
      stream.on('error', () => {}); // the parser says it too
      if (heads < number - 1) fail(noHead(number - 1));
      else if (number > this.limits.parts) fail(new Refusal('field', '', `The body has more than ${this.limits.parts} parts.`));
      stream.on('header', (header) => {
        heads += 1;
        try {
          this.#parts.push({ head: readPartHead(header, number), content: stream });
        } catch (e) {
          fail(e as Error);
        }
      });
    });
    dicer.on('error', () => fail(new Refusal('field', '', 'The multipart body is incomplete: its last boundary is missing.')));
    dicer.on('finish', () => {
      if (heads < count) fail(noHead(count));
      else this.#parts.push(null);
    });
    body.on('error', () => fail(badRequest('', 'The request body could not be read.')));
    body.on('close', () => {
      if (!body.readableEnded) fail(badRequest('', 'The request body is incomplete.'));
    });
    this.#decoder = this.createDecoder?.();
    this.#decoder?.on('error', () => fail(badRequest('content-encoding', 'is not how the request body is compressed')));
    (this.#decoder === undefined ? body : body.pipe(this.#decoder)).pipe(dicer);
  }

  async *#gather(): AsyncGenerator<readonly Part[]> {
    let fields: Part[] = [];
    let bytes = 0;
    for await (const { head, content } of this.#parts as AsyncIterable<OpenPart>) {
      if (!head.file) {
        const pieces: Uint8Array[] = [];
        for await (const piece of content) {
          bytes += piece.length;
          if (bytes > this.limits.item) throw new ItemTooLarge(this.limits.item);
          this.#hold(piece.length);
          pieces.push(piece);
        }
        fields.push({ ...head, content: pieces });
        continue;
      }
      this.#release();
      if (fields.length > 0) yield fields;
      fields = [];
      bytes = 0;
      yield* this.#cut(head, content);
    }
    if (fields.length > 0) yield fields;
  }

  /** So many more bytes wait for the rest of their item. */
  #hold(bytes: number): void {
    if (this.#held === undefined) this.#held = incompletes.hold(bytes, () => this.#parts.destroy(crowded()));
    else incompletes.grow(this.#held, bytes);
  }

  #release(): void {
    if (this.#held !== undefined) incompletes.release(this.#held);
    this.#held = undefined;
  }

  /** A file of no bytes is a piece, too. */
  async *#cut(head: Omit<Part, 'content'>, content: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Part[]> {
    const most = Math.min(this.limits.item, this.limits.piece);
    let isEmpty = true;
    for await (const bytes of content) {
      isEmpty = false;
      for (let at = 0; at < bytes.length; at += most) yield [{ ...head, content: [bytes.subarray(at, at + most)] }];
    }
    if (isEmpty) yield [{ ...head, content: [] }];
  }
}
