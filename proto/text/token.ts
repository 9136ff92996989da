/** What a piece of source text is. `start` stands before the first token, `end` after the last one. */
export type TokenType = 'start' | 'end' | 'identifier' | 'integer' | 'float' | 'string' | 'symbol';

/**
 * One token. Lines and columns are 0-based and counted as protoc counts them, so that spans agree: a column is a byte of the UTF-8 text, and a
 * tab goes to the next multiple of eight. No token spans lines.
 */
export interface Token {
  readonly type: TokenType;
  /** As written: strings with their quotes and escapes. '' at the start and the end. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** Comments between two tokens, without comment marks. */
export interface Comments {
  /** Of the declaration that the earlier token ends. */
  readonly trailing: string;
  /** Of nobody. */
  readonly detached: readonly string[];
  /** Of the declaration that the later token begins. */
  readonly leading: string;
}

/** Receives what is wrong at a position, 0-based. */
export type Complain = (line: number, column: number, reason: string) => void;
