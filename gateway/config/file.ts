import { open } from 'node:fs/promises';
import { isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { Problem, Result } from '../../proto/problem.js';
import { tooDeepLine } from './depth.js';

/** Largest configuration file, bytes. */
export const maxConfigFile = 1024 * 1024;

/** 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A YAML (or JSON) document as plain data, and where in the text its parts are. */
export interface ConfigText {
  readonly data: unknown;
  /** Of the value at a path, or of its last key; of the nearest enclosing part when there is no such value. */
  position(path: readonly string[], key: boolean): Position | undefined;
}

/**
 * Reads a YAML or JSON file of at most {@link maxConfigFile} bytes.
 *
 * @param subject what problems call it
 */
export async function readConfigFile(file: string, subject = 'configuration file'): Promise<Result<ConfigText>> {
  const refuse = (reason: string): Result<ConfigText> => ({ ok: false, problems: [{ severity: 'error', file, subject, reason }] });
  try {
    const handle = await open(file, 'r');
    try {
      const bytes = Buffer.alloc(maxConfigFile + 1);
      const length = await readUpTo(handle, bytes);
      if (length > maxConfigFile) return refuse(`is larger than ${maxConfigFile} bytes`);
      return parseConfigText(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length)), file, subject);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return refuse(unreadable(error));
  }
}

async function readUpTo(handle: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<number> {
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
    length += bytesRead;
    if (bytesRead === 0 || length === bytes.length) return length;
  }
}

function unreadable(error: unknown): string {
  if (error instanceof TypeError) return 'is not UTF-8 text';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'EISDIR') return 'is a folder, expected a file';
  if (code === 'EACCES' || code === 'EPERM') return 'must not be read by this user';
  return `cannot be read (${String(code)})`;
}

/** Parses YAML text: one document, no duplicate keys, aliases only as far as they do not multiply the data. */
function parseConfigText(text: string, file: string, subject = 'configuration file'): Result<ConfigText> {
  const lines = new LineCounter();
  const problem = (reason: string, at?: Position): Problem => ({ severity: 'error', file, ...at, subject, reason });
  const deep = tooDeepLine(text);
  if (deep !== undefined) return { ok: false, problems: [problem('is nested too deep', { line: deep, column: 1 })] };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) return { ok: false, problems: [problem(`is not valid YAML: ${error.message}`, at(lines, error.pos[0]))] };
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    const root: ParsedNode | null = document.contents;
    return { ok: true, value: { data: data ?? {}, position: (path, key) => locate(root, path, key, lines) }, warnings: [] };
  } catch {
    return { ok: false, problems: [problem('has too many aliases, or one of something that is not there')] };
  }
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function locate(root: ParsedNode | null, path: readonly string[], key: boolean, lines: LineCounter): Position | undefined {
  let offset = root?.range[0];
  let node: unknown = root;
  for (const [i, step] of path.entries()) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === step);
      if (key && i === path.length - 1 && isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset;
      next = pair?.value;
    } else if (isSeq(node)) next = node.items[Number(step)];
    node = next;
    if (!(key && i === path.length - 1) && typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      const [start] = node.range;
      if (typeof start === 'number') offset = start;
    }
  }
  return offset === undefined ? undefined : at(lines, offset);
}
