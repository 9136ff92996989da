import { closeSync, openSync } from 'node:fs';
import closeWithGrace from 'close-with-grace';
import type { Problem, Result } from '../../proto/problem.js';
import { unruledNote } from '../api/unruled.js';
import type { Config } from '../config/config.js';
import { ListenError, type RunningGateway, StartError, type StartOptions, startGateway } from '../index.js';
import { sizeOf } from './load.js';
import { printSummary } from './summary.js';
import type { Terminal } from './terminal.js';

/** Starts the gateway, stops it at SIGTERM or SIGINT, and reloads it at SIGHUP. Answers 0 when it serves, 1 when it cannot listen, or the problems. */
export async function serve(
  read: () => Promise<Result<Config>>,
  options: Pick<StartOptions, 'configFiles' | 'sockets'>,
  terminal: Terminal,
): Promise<0 | 1 | readonly Problem[]> {
  let running: RunningGateway;
  try {
    running = await startGateway(read, options);
  } catch (error) {
    if (error instanceof StartError) return error.problems;
    if (!(error instanceof ListenError)) throw error;
    terminal.err(`protogate: ${cannotListen(error)}\n`);
    return 1;
  }
  // Who reads that it serves may send signals at once.
  stopBySignal(running);
  reloadBySignal(running);
  const { gateway, urls, adminUrl } = running;
  if (terminal.interactive) terminal.out(printSummary(running));
  else {
    const unruled = unruledNote(gateway.current.unruled);
    if (unruled !== undefined) gateway.runtime.log.info(unruled);
    gateway.runtime.log.info(
      { url: urls.join(', '), ...(adminUrl === undefined ? {} : { adminUrl }), ...sizeOf(gateway.current.table.bindings) },
      'serving',
    );
  }
  return 0;
}

function cannotListen({ address, code, message }: ListenError): string {
  if (code === 'EADDRINUSE') return `${address} is in use by another program; choose another address with --listen, --port or --admin`;
  if (code === 'EACCES') return `${address} must not be listened on by this user; choose another address with --listen, --port or --admin`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${address} is not an address of this machine`;
  return message;
}

/** Time for what has no limit of its own, such as closing connections, before the process ends anyway. */
const reserveMs = 2000;

/** Node.js takes a longer delay for none. */
const maxDelayMs = 2 ** 31 - 1;

/** Crashes keep the ways of Node.js. */
const leaveAlone = [
  ...(process.platform === 'win32' ? [] : (['SIGHUP'] as const)),
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGUSR2',
  'beforeExit',
] as const;

/**
 * First signal: not ready but still serving for `drainDelayMs`, then finishing what is in progress for `shutdownGraceMs`, then exit 0. Second
 * signal: exit 1 at once. An exception that nobody catches ends the process the same way, without the delay and with 1.
 */
function stopBySignal({ gateway, close }: RunningGateway): void {
  const { log } = gateway.runtime;
  const options = {
    // A reload may change the limits: the time begins with the signal.
    delay: false as const,
    logger: false as const,
    skip: [...leaveAlone],
    onSecondSignal: () => log.warn('stopped by a second signal'),
  };
  closeWithGrace(options, async ({ signal, err }) => {
    const { drainDelayMs, shutdownGraceMs: graceMs } = gateway.config.limits;
    const late = () => {
      log.warn('stopped: closing took too long');
      process.exit(1);
    };
    setTimeout(late, Math.min(drainDelayMs + graceMs + reserveMs, maxDelayMs)).unref();
    if (err === undefined) log.info({ signal, drainDelayMs, graceMs }, 'stopping; a second signal stops at once');
    else log.fatal({ err }, 'stopping after an unexpected error');
    await close({ drainDelayMs: err === undefined ? drainDelayMs : 0, graceMs });
    log.info('stopped');
  });
}

/** SIGHUP reloads at once. Windows sends it when a console closes; there, and where a terminal has gone, it stops the gateway. */
function reloadBySignal({ gateway }: RunningGateway): void {
  if (process.platform === 'win32') return;
  const hadTerminal = hasTerminal();
  process.on('SIGHUP', () => {
    if (hadTerminal && !hasTerminal()) process.kill(process.pid, 'SIGTERM');
    else void gateway.reload('SIGHUP');
  });
}

/** Whether the process has a controlling terminal: the one that it was started in, until that is closed. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
