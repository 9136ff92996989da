import { type ListenAddress, parseListen } from '../config/config.js';

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
