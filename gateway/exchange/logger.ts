import type { BaseLogger, Bindings, ChildLoggerOptions } from 'pino';

/** Logs in the manner of pino; as Fastify has it, so that hooks and plugins find what they know. */
export interface Logger extends Pick<BaseLogger, 'level' | 'info' | 'error' | 'debug' | 'fatal' | 'warn' | 'trace' | 'silent'> {
  /** A logger whose entries carry `bindings`, too. */
  child(bindings: Bindings, options?: ChildLoggerOptions): Logger;
}
