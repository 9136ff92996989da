import { once } from 'node:events';
import { lstat, unlink } from 'node:fs/promises';
import { connect, type ListenOptions, type Server } from 'node:net';
import { type ListenAddress, parseListen, parsePlace } from '../config/config.js';

/** An address cannot be listened on; `cause` is Node's error (EADDRINUSE, EACCES...). */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** `EADDRINUSE` and so on. */
  readonly code: string | undefined;

  constructor(
    /** As the configuration has it. */
    readonly address: string,
    override readonly cause: unknown,
  ) {
    super(`cannot listen on ${address}: ${cause instanceof Error ? cause.message : String(cause)}`);
    this.code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  }
}

/** Starts to listen on an address of the configuration. Rejects with {@link ListenError}. */
export async function listenOn<T>(address: string, start: (where: ListenAddress) => Promise<T>): Promise<T> {
  const where = parseListen(address);
  if (where === undefined) throw new ListenError(address, new Error('it is not HOST:PORT'));
  try {
    return await start(where);
  } catch (error) {
    throw new ListenError(address, error);
  }
}

/**
 * Starts to listen on a place of the configuration, with a server for each socket that it stands for. Rejects with {@link ListenError}.
 *
 * @param passed file descriptors of sockets that are open already
 */
export async function listenAt(place: string, passed: readonly number[], create: () => Server): Promise<readonly Server[]> {
  const where = parsePlace(place);
  try {
    if (where === undefined) throw new Error('it is not HOST:PORT, unix:/PATH or systemd');
    if (where !== 'systemd') return [await start(create(), where)];
    if (passed.length === 0) throw new Error('no socket was passed to this process (LISTEN_FDS, LISTEN_PID)');
    return await Promise.all(passed.map((fd) => start(create(), { fd })));
  } catch (error) {
    throw new ListenError(place, error);
  }
}

async function start(server: Server, where: ListenOptions | { readonly fd: number }): Promise<Server> {
  if ('path' in where && where.path !== undefined && (await isLeftOver(where.path))) await unlink(where.path);
  server.listen(where);
  // Rejects if `error` comes first.
  await once(server, 'listening');
  return server;
}

/** A socket in the file system that nobody listens on: what had it was killed. */
async function isLeftOver(path: string): Promise<boolean> {
  const state = await lstat(path).catch(() => undefined);
  if (state?.isSocket() !== true) return false;
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
