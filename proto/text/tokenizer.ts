import {
  BACKSLASH,
  DOT,
  isBlank,
  isControl,
  isDigit,
  isHexDigit,
  isLetter,
  isOctalDigit,
  NEWLINE,
  SLASH,
  STAR,
  TAB,
} from './characters.js';
import { CommentSorter } from './comments.js';
import type { Comments, Complain, Token, TokenType } from './token.js';

type CommentStart = 'line' | 'block' | 'slash' | 'none';

const ESCAPE_FAULTS: Readonly<Record<string, string>> = {
  x: '\\x must be followed by hex digits',
  u: '\\u must be followed by four hex digits',
  U: '\\U must be followed by eight hex digits, at most 0010ffff',
};

/**
 * Cuts proto source into tokens, one at a time. Faults are told to `complain` and reading goes on, so that one run finds many.
 *
 *     identifier = letter { letter | digit }              symbol = any other character
 *     integer = decimal | "0" octal | "0x" hex            float = digits with "." or exponent
 *     string = '"' ... '"' | "'" ... "'"                  comment = "//" to the end of the line | slash star ... star slash
 */
export class Tokenizer {
  current: Token = { type: 'start', text: '', line: 0, column: 0, endColumn: 0 };
  previous: Token = this.current;

  readonly #text: string;
  readonly #complain: Complain;
  #pos = 0;
  #line = 0;
  #column = 0;

  constructor(text: string, complain: Complain) {
    // A byte order mark is no character, but protoc counts its three bytes.
    const hasMark = text.charCodeAt(0) === 0xfeff;
    this.#text = hasMark ? text.slice(1) : text;
    this.#column = hasMark ? 3 : 0;
    this.#complain = complain;
  }

  /** Moves on to the next token; comments are passed over. */
  next(): Token {
    this.previous = this.current;
    for (;;) {
      this.#skipSpace();
      const start = this.#commentStart();
      if (start === 'slash') return this.current;
      if (start === 'line') this.#lineComment();
      else if (start === 'block') this.#blockComment();
      else if (isControl(this.#peek())) this.#skipControls();
      else break;
    }
    this.current = this.#pos < this.#text.length ? this.#token() : this.#make('end', this.#pos, this.#column);
    return this.current;
  }

  /** Moves on to the next token and tells the comments on the way. */
  nextWithComments(): Comments {
    const sorter = new CommentSorter();
    const line = this.current.type === 'start' ? -1 : this.#line;
    let trailingEnd = -1;
    if (this.current.type === 'start') {
      sorter.separate();
    } else {
      this.#skipBlanks();
      const start = this.#commentStart();
      if (start === 'slash') return sorter.finish();
      if (start === 'none' && !this.#tryNewline()) {
        this.next();
        return sorter.finish();
      }
      if (start === 'line') {
        trailingEnd = this.#line;
        sorter.addLine(this.#lineComment());
        sorter.place();
      } else if (start === 'block') {
        sorter.addBlock(this.#blockComment());
        trailingEnd = this.#line;
        this.#skipBlanks();
        sorter.place();
      }
    }
    this.#followingComments(sorter, line, trailingEnd);
    return sorter.finish();
  }

  /** The lines after the earlier token's own. */
  #followingComments(sorter: CommentSorter, line: number, trailingEnd: number): void {
    for (;;) {
      this.#skipBlanks();
      const start = this.#commentStart();
      if (start === 'slash') return;
      if (start === 'line') {
        sorter.addLine(this.#lineComment());
      } else if (start === 'block') {
        sorter.addBlock(this.#blockComment());
        this.#skipBlanks();
        this.#tryNewline();
      } else if (this.#tryNewline()) {
        sorter.place();
        sorter.separate();
      } else {
        const { type, text } = this.next();
        if (type === 'end' || text === '}' || text === ']' || text === ')') sorter.place();
        if (type !== 'end' && (line === this.#line || trailingEnd === this.#line)) sorter.detachSingle();
        return;
      }
    }
  }

  #peek(ahead = 0): number {
    const at = this.#pos + ahead;
    return at < this.#text.length ? this.#text.charCodeAt(at) : -1;
  }

  #complainHere(reason: string): void {
    this.#complain(this.#line, this.#column, reason);
  }

  /** Passes over `count` characters that are ASCII and neither tab nor newline. */
  #skip(count: number): void {
    this.#pos += count;
    this.#column += count;
  }

  /** Passes over any characters up to `end`. */
  #skipTo(end: number): void {
    for (; this.#pos < end; this.#pos++) {
      const code = this.#text.charCodeAt(this.#pos);
      if (code === NEWLINE) {
        this.#line += 1;
        this.#column = 0;
      } else if (code === TAB) {
        this.#column += 8 - (this.#column % 8);
      } else if (code < 0x80) {
        this.#column += 1;
      } else {
        // Half of a surrogate pair is half of four bytes.
        this.#column += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
      }
    }
  }

  #skipBlanks(): void {
    let end = this.#pos;
    while (isBlank(this.#codeAt(end))) end += 1;
    this.#skipTo(end);
  }

  #skipSpace(): void {
    let end = this.#pos;
    for (let code = this.#codeAt(end); isBlank(code) || code === NEWLINE; code = this.#codeAt(end)) end += 1;
    this.#skipTo(end);
  }

  #skipControls(): void {
    this.#complainHere('a control character outside a string or comment');
    while (isControl(this.#peek())) this.#skip(1);
  }

  #codeAt(at: number): number {
    return at < this.#text.length ? this.#text.charCodeAt(at) : -1;
  }

  #tryNewline(): boolean {
    if (this.#peek() !== NEWLINE) return false;
    this.#skipTo(this.#pos + 1);
    return true;
  }

  /** Consumes the start of a comment, or a slash that is none and becomes the current token. */
  #commentStart(): CommentStart {
    if (this.#peek() !== SLASH) return 'none';
    const second = this.#peek(1);
    const column = this.#column;
    if (second === SLASH || second === STAR) {
      this.#skip(2);
      return second === SLASH ? 'line' : 'block';
    }
    this.#skip(1);
    this.current = this.#make('symbol', this.#pos - 1, column);
    return 'slash';
  }

  /** The rest of a line comment, its newline included. */
  #lineComment(): string {
    const newline = this.#text.indexOf('\n', this.#pos);
    const end = newline < 0 ? this.#text.length : newline + 1;
    const content = this.#text.slice(this.#pos, end);
    this.#skipTo(end);
    return content;
  }

  /** The rest of a block comment; white space and one asterisk are taken off each line but the first. */
  #blockComment(): string {
    const line = this.#line;
    const column = this.#column - 2;
    const found = this.#text.indexOf('*/', this.#pos);
    const end = found < 0 ? this.#text.length : found;
    const raw = this.#text.slice(this.#pos, end);
    const nested = found >= 0 && raw.endsWith('/') ? raw.length - 1 : raw.indexOf('/*');
    if (nested >= 0) {
      this.#skipTo(this.#pos + nested);
      this.#complainHere('"/*" inside a block comment; block comments do not nest');
    }
    this.#skipTo(found < 0 ? end : end + 2);
    if (found < 0) this.#complain(line, column, 'a block comment that does not end');
    return raw.includes('\n') ? raw.replace(/\n[ \t\r\v\f]*\*?/g, '\n') : raw;
  }

  #make(type: TokenType, start: number, column: number): Token {
    return { type, text: this.#text.slice(start, this.#pos), line: this.#line, column, endColumn: this.#column };
  }

  #token(): Token {
    const start = this.#pos;
    const column = this.#column;
    return this.#make(this.#consume(this.#peek()), start, column);
  }

  #consume(code: number): TokenType {
    if (isLetter(code)) {
      let end = this.#pos + 1;
      for (let c = this.#codeAt(end); isLetter(c) || isDigit(c); c = this.#codeAt(end)) end += 1;
      this.#skip(end - this.#pos);
      return 'identifier';
    }
    if (isDigit(code) || (code === DOT && isDigit(this.#peek(1)))) return this.#number(code);
    if (code === 0x22 || code === 0x27) {
      this.#string(code);
      return 'string';
    }
    if (code >= 0x80) this.#complainHere('a character outside ASCII is allowed in strings and comments only');
    this.#skipTo(this.#pos + 1);
    return 'symbol';
  }

  #digits(is: (code: number) => boolean): number {
    const start = this.#pos;
    while (is(this.#peek())) this.#skip(1);
    return this.#pos - start;
  }

  #number(first: number): TokenType {
    const { type, endColumn, line } = this.previous;
    if (first === DOT && type === 'identifier' && line === this.#line && endColumn === this.#column) {
      this.#complainHere('a space is needed between an identifier and a decimal point');
    }
    let isFloat = false;
    const second = this.#peek(1) | 0x20;
    if (first === 0x30 && second === 0x78) {
      this.#skip(2);
      if (this.#digits(isHexDigit) === 0) this.#complainHere('"0x" must be followed by hex digits');
    } else if (first === 0x30 && isDigit(this.#peek(1))) {
      this.#digits(isOctalDigit);
      if (isDigit(this.#peek())) this.#complainHere('a number that starts with zero is octal and has the digits 0 to 7 only');
      this.#digits(isDigit);
    } else {
      isFloat = this.#decimal();
    }
    if (isLetter(this.#peek())) this.#complainHere('a space is needed between a number and an identifier');
    else if (this.#peek() === DOT) {
      this.#complainHere(isFloat ? 'a second decimal point, or one after the exponent' : 'hex and octal numbers must be integers');
    }
    return isFloat ? 'float' : 'integer';
  }

  #decimal(): boolean {
    let isFloat = false;
    this.#digits(isDigit);
    if (this.#peek() === DOT) {
      isFloat = true;
      this.#skip(1);
      this.#digits(isDigit);
    }
    if ((this.#peek() | 0x20) === 0x65) {
      isFloat = true;
      this.#skip(1);
      if (this.#peek() === 0x2b || this.#peek() === 0x2d) this.#skip(1);
      if (this.#digits(isDigit) === 0) this.#complainHere('"e" must be followed by an exponent');
    }
    return isFloat;
  }

  #string(quote: number): void {
    this.#skip(1);
    for (let code = this.#peek(); code !== quote; code = this.#peek()) {
      if (code === -1 || code === 0 || code === NEWLINE) {
        this.#complainHere(code === NEWLINE ? 'a string must end on its line; is a quote missing?' : 'a string that does not end');
        return;
      }
      if (code === BACKSLASH) this.#escape();
      else this.#skipTo(this.#plainEnd(quote));
    }
    this.#skip(1);
  }

  /** Where the characters end that a string takes as they are. */
  #plainEnd(quote: number): number {
    let end = this.#pos + 1;
    for (let code = this.#codeAt(end); code > 0 && code !== quote && code !== BACKSLASH && code !== NEWLINE; code = this.#codeAt(end))
      end += 1;
    return end;
  }

  /** Checks an escape sequence; further octal and hex digits are ordinary characters here. */
  #escape(): void {
    this.#skip(1);
    const rest = this.#text.slice(this.#pos, this.#pos + 9);
    const legal = /^(?:[abfnrtv\\?'"0-7]|[xX][0-9a-fA-F]|u[0-9a-fA-F]{4}|U00[01][0-9a-fA-F]{5})/.exec(rest);
    if (legal !== null) {
      this.#skip(legal[0].length);
      return;
    }
    const begun = /^(?:[xX]|u[0-9a-fA-F]*|U(?:0(?:0(?:[01][0-9a-fA-F]*)?)?)?)/.exec(rest)?.[0] ?? '';
    this.#skip(begun.length);
    this.#complainHere(ESCAPE_FAULTS[begun[0] === 'X' ? 'x' : (begun[0] ?? '')] ?? 'an escape sequence that strings do not have');
  }
}
