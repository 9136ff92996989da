import type { PathTemplate, Segment } from './binding.js';

/** A variable of a template, its field path not yet resolved. */
export interface Variable {
  /** `book.name` -> ['book', 'name']. */
  readonly path: readonly string[];
  /** Segments `[start, end)` of the template. */
  readonly start: number;
  readonly end: number;
  /** 1-based column of the field path in the template. */
  readonly column: number;
}

/** A template and its variables in order of appearance. */
export interface ParsedTemplate {
  readonly template: PathTemplate;
  readonly variables: readonly Variable[];
}

/** Why a text is not a template. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  /** @param column 1-based, in the text of the template */
  constructor(
    readonly column: number,
    readonly reason: string,
  ) {
    super(`column ${column}: ${reason}`);
  }
}

/**
 * Parses a path template. Throws {@link TemplateError}.
 *
 *     Template  = "/" [ Segments [ Verb ] ]
 *     Segments  = Segment { "/" Segment }
 *     Segment   = "*" | "**" | LITERAL | Variable
 *     Variable  = "{" FieldPath [ "=" Segments ] "}"       no variable inside
 *     FieldPath = IDENT { "." IDENT }
 *     Verb      = ":" LITERAL
 *     LITERAL   = one or more pchar of RFC 3986 but "*"; ":" only before the last "/"
 *
 * As http.proto has it, and two things more: `/` alone is the root, and literals may follow `**`, as 70 rules of googleapis have it and Envoy
 * accepts. Wildcards after `**` are refused, as by Envoy: of `{name=**}` and `{parent=**}/{id}` the second would take all requests.
 *
 *     /v1/{name=shelves/*}:lock  -> segments v1, shelves, *; verb lock; variable name [1, 3)
 */
export function parseTemplate(text: string): ParsedTemplate {
  return new Parser(text).template();
}

const IDENT = /[A-Za-z_][A-Za-z0-9_]*/y;
/** `pchar` without `*`, which is a wildcard, and without `:`. */
const LITERAL_CHAR = /[A-Za-z0-9\-._~!$&'()+,;=@]|%[0-9A-Fa-f]{2}/y;

class Parser {
  readonly #text: string;
  readonly #segments: Segment[] = [];
  readonly #variables: Variable[] = [];
  #pos = 0;

  constructor(text: string) {
    this.#text = text;
  }

  template(): ParsedTemplate {
    if (!this.#accept('/')) throw this.#error('a template begins with "/"');
    let verb: string | undefined;
    if (this.#pos === this.#text.length) {
      this.#segments.push({ kind: 'literal', text: '' });
    } else {
      this.#parseSegments(false);
      if (this.#accept(':')) verb = this.#literal('a verb', false);
    }
    if (this.#pos < this.#text.length) throw this.#error(this.#peek() === ':' ? 'there is more than one verb' : this.#unexpected());
    return { template: { text: this.#text, segments: this.#segments, verb }, variables: this.#variables };
  }

  #parseSegments(insideVariable: boolean): void {
    do this.#segment(insideVariable);
    while (this.#accept('/'));
  }

  #segment(insideVariable: boolean): void {
    const start = this.#pos;
    if (this.#peek() === '{') {
      if (insideVariable) throw this.#error('a variable cannot be inside another one');
      this.#variable();
      return;
    }
    if (this.#accept('*')) {
      const kind = this.#accept('*') ? 'multi' : 'single';
      this.#assertNoMulti(start);
      this.#segments.push({ kind });
    } else {
      this.#segments.push({ kind: 'literal', text: this.#literal('a segment', !insideVariable) });
    }
  }

  #variable(): void {
    this.#pos += 1;
    const column = this.#pos + 1;
    const start = this.#segments.length;
    const path = [this.#ident()];
    while (this.#accept('.')) path.push(this.#ident());
    if (this.#accept('=')) {
      this.#parseSegments(true);
    } else {
      this.#assertNoMulti(column - 2);
      this.#segments.push({ kind: 'single' });
    }
    if (!this.#accept('}')) throw this.#error(this.#pos < this.#text.length ? this.#unexpected() : '"}" is missing');
    this.#variables.push({ path, start, end: this.#segments.length, column });
  }

  #assertNoMulti(at: number): void {
    if (this.#segments.some((segment) => segment.kind === 'multi')) throw new TemplateError(at + 1, 'only literals can follow "**"');
  }

  #ident(): string {
    IDENT.lastIndex = this.#pos;
    const ident = IDENT.exec(this.#text)?.[0];
    if (ident === undefined) throw this.#error('a field name is missing');
    this.#pos += ident.length;
    return ident;
  }

  #literal(what: string, mayHaveColon: boolean): string {
    const start = this.#pos;
    for (;;) {
      LITERAL_CHAR.lastIndex = this.#pos;
      const char = LITERAL_CHAR.exec(this.#text)?.[0];
      if (char !== undefined) this.#pos += char.length;
      else if (mayHaveColon && this.#peek() === ':' && this.#text.indexOf('/', this.#pos) > 0) this.#pos += 1;
      else break;
    }
    if (this.#pos > start) return this.#text.slice(start, this.#pos);
    throw this.#error(this.#pos === this.#text.length || '/:}'.includes(this.#peek()) ? `${what} is empty` : this.#unexpected());
  }

  #peek(): string {
    return this.#text.charAt(this.#pos);
  }

  #accept(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#pos += 1;
    return true;
  }

  #unexpected(): string {
    const [char = ''] = this.#text.slice(this.#pos);
    if (char === '%') return '"%" is not followed by two hex digits';
    if (char === '*') return '"*" must be a segment of its own';
    if ('{}/:'.includes(char)) return `"${char}" is not expected here`;
    if (char === '?' || char === '#') return `"${char}" does not belong in a path; query parameters are bound without being named`;
    const encoded = /[\ud800-\udfff]/.test(char) && char.length === 1 ? char : encodeURIComponent(char);
    return encoded === char ? `"${char}" is not expected here` : `"${char}" must be written as ${encoded}`;
  }

  #error(reason: string): TemplateError {
    return new TemplateError(this.#pos + 1, reason);
  }
}
