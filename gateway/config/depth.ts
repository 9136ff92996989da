import { CST, Lexer } from 'yaml';

/** Brackets inside each other plus columns of indentation that a configuration may have. */
const deepest = 200;

/**
 * The 1-based line in which YAML text nests deeper than any configuration does, if one does. The parser recurses and its stack is finite, so this
 * is asked first, token by token.
 */
export function tooDeepLine(text: string): number | undefined {
  let line = 1;
  let column = 0;
  let brackets = 0;
  let indented = 0;
  let marked = false;
  for (const token of new Lexer().lex(text)) {
    // What follows the mark of a scalar is its text.
    const type: string | null = marked ? null : CST.tokenType(token);
    marked = type === 'scalar';
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets++;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') brackets--;
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind') indented = column;
    else if (column === 0 && type === 'space') indented = token.length;
    if (brackets + indented > deepest) return line;
    const breaks = token.split('\n').length - 1;
    line += breaks;
    if (breaks > 0) column = indented = 0;
    else if (!marked) column += token.length;
  }
  return undefined;
}
