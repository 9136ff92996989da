import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { mutate, type Random } from '../../../proto/json/fuzz-input.js';
import type { Texts } from './odds.js';
import * as odds from './odds.js';

/** What a client writes on a connection, in the pieces in which it does. */
export type Conversation = readonly Buffer[];

/**
 * A conversation that its seed repeats. Most are of requests that are served or refused one by one; in a few, one thing or another ends the connection,
 * or bytes are changed.
 */
export function randomConversation(random: Random): Conversation {
  const maker = new Maker(random, random.below(5) === 0);
  const requests = Array.from({ length: random.pick([1, 2, 3, 4, 25]) }, () => maker.request());
  const bytes = Buffer.concat([...requests, maker.last()]);
  return cut(random, random.below(15) === 0 ? mutate(random, bytes, random.bytes(40)) : bytes);
}

type Route = readonly [method: string, path: string, keys: Texts];

/** Methods with their paths, and the keys of their queries. */
const routes: readonly [Route, ...Route[]] = [
  ['GET', '/v1/notes/1', ['filter.tag', 'filter.years', 'pageSize', '$fields', '$prettyPrint']],
  ['HEAD', '/v1/notes/1', ['filter.tag', 'page_size', '$alt']],
  ['GET', '/v1/notes:stream', ['count', 'count', 'fault', '$alt']],
  ['DELETE', '/v1/notes/1', ['filter.tag']],
  ['POST', '/v1/notes/1:pin', ['page_size']],
  ['POST', '/v1/notes', ['$fields', '$prettyPrint', '$alt']],
  ['POST', '/v1/notes', ['$fields']],
  ['PATCH', '/v1/notes/1', ['updateMask', 'validateOnly']],
];

const values = ['1', '2', 'true', 'title', 'x', ''] as const;

const codings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;

/** What follows the lines of a head, and those lines that speak of it. */
interface Content {
  readonly lines: readonly string[];
  readonly bytes: Buffer;
}

class Maker {
  constructor(
    private readonly random: Random,
    /** Whether things happen that end connections. */
    private readonly grave: boolean,
  ) {}

  request(): Buffer {
    const { random } = this;
    const [method, path, keys] = random.pick(routes);
    const hasContent = path === '/v1/notes' || method === 'PATCH' ? !this.#rarely(30) : this.#rarely(20);
    const { lines, bytes } = hasContent ? this.#content() : noContent;
    const verb = this.#rarely(20) ? random.pick(odds.oddMethods) : this.#gravely(odds.graveMethods, method);
    const version = this.#gravely(odds.graveVersions, 'HTTP/1.1');
    const host = this.#rarely(20) ? random.pick(odds.oddHosts) : this.#gravely(odds.graveHosts, 'host: a');
    const head = [`${verb} ${this.#target(path, keys)} ${version}`, host, ...lines, ...this.#headers(), '', ''];
    return Buffer.concat([Buffer.from(head.join('\r\n')), bytes]);
  }

  /** The connection closes with it, whatever came before. */
  last(): Buffer {
    if (this.grave && this.#rarely(3)) return Buffer.concat([this.random.bytes(1 + this.random.below(30)), Buffer.from('\r\n\r\n')]);
    return Buffer.from('GET /v1/notes/last HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  }

  #rarely(times: number): boolean {
    return this.random.below(times) === 0;
  }

  #gravely(from: Texts, usual: string): string {
    return this.grave && this.#rarely(25) ? this.random.pick(from) : usual;
  }

  #target(usual: string, keys: Texts): string {
    const { random } = this;
    const path = this.#rarely(8) ? random.pick(odds.oddPaths) : this.#gravely(odds.gravePaths, usual);
    if (random.below(2) === 0) return path;
    const pair = () =>
      this.#rarely(10) ? `${random.pick(odds.oddKeys)}=${random.pick(odds.oddValues)}` : `${random.pick(keys)}=${random.pick(values)}`;
    return `${path}?${this.#some(pair).join('&')}`;
  }

  #headers(): string[] {
    const { random } = this;
    return this.#some(() =>
      this.#rarely(10) ? random.pick(odds.oddHeaders) : this.#gravely(odds.graveHeaders, random.pick(odds.headers)),
    );
  }

  #some(one: () => string): string[] {
    return Array.from({ length: this.random.pick([0, 0, 1, 1, 2, 4]) }, one);
  }

  #content(): Content {
    const { random } = this;
    const [type, bodies] = this.#rarely(4) ? random.pick(odds.oddTypes) : odds.usualType;
    const text = bodies === odds.texts && this.#rarely(4) ? random.pick(odds.oddTexts) : random.pick(bodies);
    let body: Buffer = Buffer.from(text);
    if (this.#rarely(20)) body = mutate(random, body, Buffer.from(random.pick(odds.oddTexts)));
    const lines: string[] = [type];
    if (this.#rarely(15)) {
      const coding = random.pick(['gzip', 'deflate', 'br'] as const);
      lines.push(`content-encoding: ${coding}`);
      if (!this.#rarely(6)) body = codings[coding](body);
    }
    if (this.#rarely(6)) return { lines: [...lines, 'transfer-encoding: chunked'], bytes: this.#chunks(body) };
    const length = this.grave && this.#rarely(20) ? body.length + random.below(20) : body.length;
    return { lines: [...lines, `content-length: ${length}`], bytes: body };
  }

  #chunks(body: Buffer): Buffer {
    const chunks = cut(this.random, body).flatMap((piece) => [
      Buffer.from(`${piece.length.toString(16)}${this.#rarely(10) ? ';a=b' : ''}\r\n`),
      piece,
      Buffer.from('\r\n'),
    ]);
    const end = this.#rarely(4) ? '0\r\nx-trailer: a\r\n\r\n' : '0\r\n\r\n';
    return Buffer.concat([...chunks, Buffer.from(this.#gravely(['', 'x\r\n', '0\r\n'], end))]);
  }
}

const noContent: Content = { lines: [], bytes: Buffer.alloc(0) };

/** Pieces of bytes, none of them empty: one, some or many. */
function cut(random: Random, bytes: Buffer): Buffer[] {
  const longest = random.pick([bytes.length, bytes.length, 1 + random.below(1000), 1 + random.below(30)]);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = longest >= bytes.length || pieces.length > 500 ? bytes.length : 1 + random.below(longest);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}
