/** One finding about something the operator supplied: a descriptor, a rule, a source. Never shown to an HTTP client. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Proto file (its import name) or source the finding is in. */
  readonly file?: string;
  /** 1-based line in `file`. */
  readonly line?: number;
  /** 1-based column: in `file` when `line` is set, else in the text of the rule that `reason` quotes. */
  readonly column?: number;
  /** What it is about: a full method, message or field name, a file, an option. */
  readonly subject: string;
  /** What is wrong and, where it is not obvious, what to do. */
  readonly reason: string;
  /** Stable name of the kind of finding, for those about HTTP rules: `shadowed-route`. Each has its part in docs/lint.md. */
  readonly rule?: string;
  /** Trying again later may help, with nothing changed: a server that is not there. */
  readonly temporary?: true;
}

/** Outcome of work on operator input: a value (perhaps with warnings), or every reason why there is none. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Whether trying again later may help, with nothing changed. */
export function mayPass(problems: readonly Problem[]): boolean {
  return problems.every(({ temporary, severity }) => temporary === true || severity === 'warning');
}

/** One line for logs and terminals: `bookstore.proto:12:3: bookstore.v1.Books.GetBook: reason`. */
export function printProblem(p: Problem): string {
  const position = [p.file, p.line, p.line === undefined ? undefined : p.column].filter((x) => x !== undefined).join(':');
  return [position, saying(p)].filter((x) => x !== '').join(': ');
}

/** What a problem says, without its place; one that its place says all about, as of syntax, has no subject. */
export function saying({ subject, reason }: Problem): string {
  return subject === '' ? reason : `${subject}: ${reason}`;
}
