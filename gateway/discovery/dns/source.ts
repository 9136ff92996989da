import { isIP } from 'node:net';
import type { Endpoint } from '../../upstream/call.js';
import { BackOff } from '../back-off.js';
import type { EndpointListener, EndpointSource } from '../source.js';
import { type Names, systemNames } from './resolve.js';

/** Bounds of the time between two questions, ms. */
const LEAST_MS = 1000;
const MOST_MS = 60_000;

/** All addresses of a name, asked for again when the answer holds no more. */
export class DnsSource implements EndpointSource {
  #listener: EndpointListener | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #pauses = new BackOff(250, 2000);

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly names: Names = systemNames(),
  ) {}

  start(listener: EndpointListener): void {
    this.#listener = listener;
    void this.#ask();
  }

  close(): void {
    this.#listener = undefined;
    clearTimeout(this.#timer);
    this.names.cancel();
  }

  async #ask(): Promise<void> {
    let pause: number;
    try {
      const { addresses, ttl } = await this.names.resolve(this.host);
      pause = Math.min(Math.max(ttl * 1000, LEAST_MS), MOST_MS);
      this.#pauses.reset();
      this.#listener?.trouble(undefined);
      this.#listener?.endpoints(this.#endpoints(addresses));
    } catch (error) {
      pause = this.#pauses.pause();
      const { code } = error as NodeJS.ErrnoException;
      this.#listener?.trouble(`no address of ${this.host} is found (${code ?? String(error)}): correct the name, or see to DNS`);
    }
    if (this.#listener !== undefined) this.#timer = setTimeout(() => void this.#ask(), pause).unref();
  }

  #endpoints(addresses: readonly string[]): readonly Endpoint[] {
    const all = new Set(addresses.map((a) => (a.includes(':') ? `[${a}]:${this.port}` : `${a}:${this.port}`)));
    // An address that stands for itself has no other name, and a certificate none with a dot at its end.
    const name = isIP(this.host) === 0 ? { name: this.host.replace(/\.$/, '') } : {};
    return [...all].sort().map((address) => ({ id: address, address, weight: 1, ...name }));
  }
}
