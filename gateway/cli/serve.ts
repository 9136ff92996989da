import closeWithGrace from 'close-with-grace';
import type { Problem, Result } from '../../proto/problem.js';
import type { Config } from '../config.js';
import { type RunningGateway, StartError, startGateway } from '../index.js';
import { sizeOf } from './load.js';
import { printSummary } from './summary.js';
import type { Terminal } from './terminal.js';

/** Starts the gateway and stops it at SIGTERM, SIGINT or SIGHUP. Answers 0 when it serves, 1 when it cannot listen, or the problems. */
export async function serve(
  read: () => Promise<Result<Config>>,
  configFiles: readonly string[],
  terminal: Terminal,
): Promise<0 | 1 | readonly Problem[]> {
  let running: RunningGateway;
  try {
    running = await startGateway(read, { configFiles });
  } catch (error) {
    if (error instanceof StartError) return error.problems;
    terminal.err(`protogate: ${await cannotListen(error, read)}\n`);
    return 1;
  }
  const { gateway, url } = running;
  if (terminal.interactive) terminal.out(printSummary(running));
  else gateway.runtime.log.info({ url, ...sizeOf(gateway.current.table.bindings) }, 'serving');
  stopBySignal(running);
  return 0;
}

async function cannotListen(error: unknown, read: () => Promise<Result<Config>>): Promise<string> {
  const config = await read();
  const address = config.ok ? config.value.listen : 'the address';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `${address} is in use by another program; choose another address with --listen or --port`;
  if (code === 'EACCES') return `${address} must not be listened on by this user; choose another address with --listen or --port`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${address} is not an address of this machine`;
  return `cannot listen on ${address}: ${error instanceof Error ? error.message : String(error)}`;
}

/** Time for what has no limit of its own, such as closing connections, before the process ends anyway. */
const reserveMs = 2000;

/** Crashes keep the ways of Node.js. */
const leaveAlone = ['SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGUSR2', 'beforeExit'] as const;

/**
 * First signal: not ready but still serving for `drainDelayMs`, then finishing what is in progress for `shutdownGraceMs`, then exit 0. Second
 * signal: exit 1 at once. An exception that nobody catches ends the process the same way, without the delay and with 1.
 */
function stopBySignal({ gateway, close }: RunningGateway): void {
  const { log } = gateway.runtime;
  const { drainDelayMs, shutdownGraceMs: graceMs } = gateway.config.limits;
  const options = {
    delay: drainDelayMs + graceMs + reserveMs,
    logger: false as const,
    skip: [...leaveAlone],
    onSecondSignal: () => log.warn('stopped by a second signal'),
    onTimeout: () => log.warn('stopped: closing took too long'),
  };
  closeWithGrace(options, async ({ signal, err }) => {
    if (err === undefined) log.info({ signal, drainDelayMs, graceMs }, 'stopping; a second signal stops at once');
    else log.fatal({ err }, 'stopping after an unexpected error');
    await close({ drainDelayMs: err === undefined ? drainDelayMs : 0, graceMs });
    log.info('stopped');
  });
}
