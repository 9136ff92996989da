import type { SourceLocation } from '../descriptor/descriptor.js';
import type { Problem } from '../problem.js';
import { parseFloat64, parseInteger, parseStrings } from './literals.js';
import { endLocation, startLocation } from './locations.js';
import type { Position, RawOption } from './option.js';
import type { Token, TokenType } from './token.js';
import { Tokenizer } from './tokenizer.js';

/** The largest values of integer kinds. */
export const MAX_INT32 = 0x7fff_ffffn;
export const MAX_UINT32 = 0xffff_ffffn;
export const MAX_INT64 = 0x7fff_ffff_ffff_ffffn;
export const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;

/** After so many syntax errors the rest of a file is not worth reading. */
const MAX_PROBLEMS = 20;

/** A statement cannot be read on. The problem is recorded already; {@link Parser.recover} goes on with the next statement. */
class SyntaxFault extends Error {}

/** The file cannot be read on. */
class TooManyProblems extends Error {}

/** Which language the file is written in. */
export type Syntax = 'proto2' | 'proto3' | 'editions';

/**
 * What all parts of the parser share: the token under the cursor, recording of locations and comments, and errors with recovery at statements.
 * Grammar and recovery are protoc's, https://protobuf.dev/reference/protobuf/proto3-spec/.
 */
export class Parser {
  syntax: Syntax = 'proto2';
  /** Number of the edition, `2023` as 1000; 0 for proto2 and proto3. */
  edition = 0;
  /** How deep in the braces of an option's value the cursor is, so that an error there does not end what is around it. */
  openBraces = 0;
  readonly problems: Problem[] = [];
  readonly locations: SourceLocation[] = [];
  /** The options of each element of the descriptor, as written. */
  readonly options = new Map<object, RawOption[]>();

  readonly #file: string;
  readonly #tokenizer: Tokenizer;
  #leading = '';
  #detached: string[] = [];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#tokenizer = new Tokenizer(text, (line, column, reason) => this.#record(line, column, '', reason));
  }

  get current(): Token {
    return this.#tokenizer.current;
  }

  get previous(): Token {
    return this.#tokenizer.previous;
  }

  get atEnd(): boolean {
    return this.current.type === 'end';
  }

  /** 1-based position of the token under the cursor. */
  get here(): Position {
    return { line: this.current.line + 1, column: this.current.column + 1 };
  }

  next(): void {
    this.#tokenizer.next();
  }

  at(text: string): boolean {
    return this.current.text === text;
  }

  atType(type: TokenType): boolean {
    return this.current.type === type;
  }

  /** Consumes the token if it reads so. */
  accept(text: string): boolean {
    if (!this.at(text)) return false;
    this.next();
    return true;
  }

  expect(text: string, reason = `expected "${text}"`): void {
    if (!this.accept(text)) this.fail(reason);
  }

  identifier(what: string): string {
    const { type, text } = this.current;
    if (type !== 'identifier') this.fail(`expected ${what}`);
    this.next();
    return text;
  }

  /** `a.b.c`, with a leading dot if that is allowed. */
  dottedName(what: string, mayStartWithDot: boolean): string {
    let name = mayStartWithDot && this.accept('.') ? '.' : '';
    name += this.identifier(what);
    while (this.accept('.')) name += `.${this.identifier('an identifier after the dot')}`;
    return name;
  }

  /** An integer token up to `max`. */
  integer(what: string, max: bigint): bigint {
    const { type, text } = this.current;
    if (type !== 'integer') this.fail(`expected ${what}`);
    const value = parseInteger(text, max);
    if (value === undefined) this.report('', `${text} is out of range, at most ${max}`);
    this.next();
    return value ?? 0n;
  }

  int32(what: string): number {
    return Number(this.integer(what, MAX_INT32));
  }

  signedInt32(what: string): number {
    return this.accept('-') ? -Number(this.integer(what, MAX_INT32 + 1n)) : Number(this.integer(what, MAX_INT32));
  }

  /** A floating-point or integer token, `inf` or `nan`. */
  number(what: string): number {
    const { type, text } = this.current;
    if (type === 'float' || (type === 'integer' && !text.startsWith('0'))) {
      this.next();
      return parseFloat64(text);
    }
    if (type === 'integer') return Number(this.integer(what, MAX_UINT64));
    if (this.accept('inf')) return Number.POSITIVE_INFINITY;
    if (this.accept('nan')) return Number.NaN;
    return this.fail(`expected ${what}`);
  }

  /** Adjacent string tokens, joined. */
  string(what: string): Uint8Array {
    if (!this.atType('string')) this.fail(`expected ${what}`);
    const tokens: string[] = [];
    for (; this.atType('string'); this.next()) tokens.push(this.current.text);
    return parseStrings(tokens);
  }

  /** A string that must be UTF-8. */
  text(what: string): string {
    const { line, column } = this.current;
    const bytes = this.string(what);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      this.#record(line, column, '', 'the string is not UTF-8');
      return '';
    }
  }

  /**
   * Consumes the token that ends a declaration or its head, and gives the declaration its comments; without a location they wait for the next
   * declaration, or are dropped where a scope ends.
   */
  acceptEnd(text: ';' | '{' | '}', location: SourceLocation | undefined): boolean {
    if (!this.at(text)) return false;
    const { trailing, detached, leading } = this.#tokenizer.nextWithComments();
    if (location !== undefined) {
      if (this.#leading !== '') location.leadingComments = this.#leading;
      if (trailing !== '') location.trailingComments = trailing;
      location.leadingDetachedComments = this.#detached;
      this.#detached = [...detached];
    } else if (text === '}') {
      this.#detached = [...detached];
    } else {
      this.#detached.push(...detached);
    }
    this.#leading = leading;
    return true;
  }

  expectEnd(text: ';' | '{' | '}', location: SourceLocation | undefined): void {
    if (!this.acceptEnd(text, location)) this.fail(`expected "${text}"`);
  }

  /** Records a location from the token under the cursor on. */
  open(path: readonly number[], start: Token = this.current): SourceLocation {
    const location = startLocation(path, start);
    this.locations.push(location);
    return location;
  }

  /** Records a location that a token, or some tokens up to `end`, had before. */
  openAt(path: readonly number[], start: Token, end: Token = start): void {
    endLocation(this.open(path, start), end);
  }

  /** Ends a location at the token just consumed. */
  close(location: SourceLocation): void {
    endLocation(location, this.previous);
  }

  /** Records what `read` consumes as one location. */
  located<T>(path: readonly number[], read: () => T): T {
    const location = this.open(path);
    const value = read();
    this.close(location);
    return value;
  }

  /** An error at the token under the cursor after which reading goes on. */
  report(subject: string, reason: string, token: Token = this.current): void {
    this.#record(token.line, token.column, subject, reason);
  }

  /** The same at a 1-based position. */
  reportAt({ line, column }: Position, subject: string, reason: string): void {
    this.#record(line - 1, column - 1, subject, reason);
  }

  /** An error at the token under the cursor; the statement is given up. */
  fail(reason: string): never {
    const { type, text } = this.current;
    this.report('', type === 'end' ? `${reason}, found the end of the file` : `${reason}, found ${text}`);
    throw new SyntaxFault();
  }

  /** Reads a statement; after an error goes on behind it. */
  recover(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      this.#skipAggregate();
      this.#skipStatement();
    }
  }

  /** Reads all of the file from its first token on; stops silently where reading on makes no sense. */
  readAll(read: () => void): void {
    try {
      const { leading, detached } = this.#tokenizer.nextWithComments();
      this.#leading = leading;
      this.#detached = [...detached];
      read();
    } catch (error) {
      if (!(error instanceof SyntaxFault || error instanceof TooManyProblems)) throw error;
    }
  }

  #record(line: number, column: number, subject: string, reason: string): void {
    this.problems.push({ severity: 'error', file: this.#file, line: line + 1, column: column + 1, subject, reason });
    if (this.problems.length >= MAX_PROBLEMS) throw new TooManyProblems();
  }

  #skipAggregate(): void {
    for (; this.openBraces > 0 && !this.atEnd; this.next()) {
      if (this.at('{') || this.at('<')) this.openBraces += 1;
      else if (this.at('}') || this.at('>')) this.openBraces -= 1;
    }
  }

  #skipStatement(): void {
    while (!this.atEnd) {
      if (this.acceptEnd(';', undefined)) return;
      if (this.at('{') || this.at('}')) break;
      this.next();
    }
    if (this.accept('{')) this.#skipBlock();
  }

  #skipBlock(): void {
    for (let depth = 1; !this.atEnd; ) {
      if (this.accept('{')) depth += 1;
      else if (!this.acceptEnd('}', undefined)) this.next();
      else if (--depth === 0) return;
    }
  }
}
