import { Writable } from 'node:stream';
import { type DestinationStream, pino } from 'pino';
import type { Config } from '../config/config.js';
import type { Logger } from '../exchange/logger.js';
import { visible } from './visible.js';

/** The gateway's own log: JSON lines, or lines for people where `format` says so or, unset, where the output is a terminal. */
export function createLog({ level, format }: Config['log'], output: NodeJS.WriteStream = process.stdout): Logger {
  const isText = (format ?? (output.isTTY ? 'text' : 'json')) === 'text';
  return pino({ level, base: null }, isText ? textLines(output) : output) as Logger;
}

/** Levels above those of single requests. */
const quietLevels: ReadonlySet<string> = new Set(['info', 'warn', 'error', 'fatal', 'silent']);

/** Whether a log shows nothing of a request that went well. */
export function isQuiet({ level }: Logger): boolean {
  return quietLevels.has(level);
}

interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly type?: string; readonly message?: string };
  readonly [key: string]: unknown;
}

/**
 * Makes lines of pino's entries:
 *
 *     12:30:05 WARN  The upstream is unavailable. rpc=bookstore.v1.Library.GetBook cause="no connection to localhost:50051: ECONNREFUSED"
 */
function textLines(output: NodeJS.WriteStream): DestinationStream {
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      output.write(textLine(JSON.parse(line)));
      done();
    },
  });
}

function textLine({ level, time, msg, err, ...rest }: Entry): string {
  const label = (pino.levels.labels[level] ?? '').toUpperCase().padEnd(5);
  const values = Object.entries({ ...rest, ...(err === undefined ? {} : { err: err.message }) });
  const pairs = values.map(
    ([key, value]) => ` ${key}=${typeof value === 'string' && !/[\s"]/.test(value) ? value : JSON.stringify(value)}`,
  );
  return `${visible(`${new Date(time).toISOString().slice(11, 19)} ${label} ${msg ?? ''}${pairs.join('')}`)}\n`;
}
