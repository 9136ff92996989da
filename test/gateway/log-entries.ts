import { pino } from 'pino';
import type { Logger } from '../../gateway/index.js';

/** An entry of a log. */
export interface LogEntry {
  readonly msg: string;
  readonly why?: string;
  readonly generation?: number;
}

/** Entries of a log, to be waited for. */
export class LogEntries {
  readonly all: LogEntry[] = [];
  readonly log = pino({ base: null }, { write: (line: string) => this.#add(JSON.parse(line)) }) as Logger;
  #waiting: (() => void)[] = [];
  #read = 0;

  #add(entry: LogEntry): void {
    this.all.push(entry);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** The next entry that begins so, after the one that was waited for before. */
  async next(beginning: string): Promise<LogEntry> {
    for (;;) {
      while (this.#read < this.all.length) {
        const entry = this.all[this.#read];
        this.#read += 1;
        if (entry?.msg.startsWith(beginning)) return entry;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
