/** Where a command writes to. */
export interface Terminal {
  /** Standard output: what was asked for. */
  out(text: string): void;
  /** Standard error: what went wrong. */
  err(text: string): void;
  /** Somebody looks at standard output. */
  readonly interactive: boolean;
  /** Standard output may be coloured. */
  readonly colours: boolean;
}

/**
 * Whether to colour what goes to a terminal: not if the environment has a NO_COLOR that is not empty (https://no-color.org), or if the terminal is
 * a dumb one.
 */
export function wantsColours(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb';
}

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/** How text can look. */
export type Style = keyof typeof codes;

/** Text with the control sequences of a style around it (ECMA-48, SGR). */
export function styled(text: string, style: Style): string {
  const [on, off] = codes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** Rows in columns of equal width, two spaces apart. `paint` may style a cell, whose width is that of its text. */
export function columns(rows: readonly (readonly string[])[], paint: (cell: string, column: number) => string = (cell) => cell): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) => `${printRow(row, widths, paint)}\n`).join('');
}

function printRow(row: readonly string[], widths: readonly number[], paint: (cell: string, column: number) => string): string {
  const last = row.findLastIndex((cell) => cell !== '');
  const cells = row.slice(0, last + 1);
  return cells.map((cell, i) => paint(cell, i) + (i === last ? '' : ' '.repeat((widths[i] ?? 0) - cell.length))).join('  ');
}

/** A number of things: `1 route`, `2 routes`. */
export function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}
