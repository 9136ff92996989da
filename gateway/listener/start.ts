import { type ConfigSource, type GatewayOptions, openConfigured } from '../lifecycle/create.js';
import { listenerSettings } from '../lifecycle/fixed-settings.js';
import type { Gateway } from '../lifecycle/gateway.js';
import { createAdmin } from './admin.js';
import { listenOn } from './listen.js';
import { listen } from './server.js';
import { ListenerTls } from './tls.js';

/** What a program may give a gateway that listens. */
export interface StartOptions extends GatewayOptions {
  /** Sockets that are open already, for `listen: systemd`: their file descriptors. Default: none. */
  readonly sockets?: readonly number[];
}

/** A gateway that listens. */
export interface RunningGateway {
  /** `http://host:port`, or `https://host:port` */
  readonly url: string;
  /** All of `listen`, of which `url` is the first; `unix:/path` for one in the file system. */
  readonly urls: readonly string[];
  /** The same of `admin.listen`; undefined if the configuration has none. */
  readonly adminUrl?: string;
  readonly gateway: Gateway;
  /** Stops in two phases; default: at once for new requests, up to `limits.shutdownGraceMs` for those in progress. */
  close(options?: { readonly drainDelayMs?: number; readonly graceMs?: number }): Promise<void>;
}

/** Makes a gateway and listens at `listen` and `admin.listen`. Rejects with {@link StartError}, or with {@link ListenError}. */
export async function startGateway(source: ConfigSource, options: StartOptions = {}): Promise<RunningGateway> {
  const tls = new ListenerTls();
  const gateway = await openConfigured(source, options, listenerSettings, tls.prepare);
  const admin = gateway.config.admin === undefined ? undefined : createAdmin(gateway);
  try {
    const adminUrl = admin && (await listenOn(gateway.config.admin?.listen ?? '', (where) => admin.listen(where)));
    const listener = await listen(gateway, tls, options.sockets ?? []);
    const close: RunningGateway['close'] = async ({ drainDelayMs = 0, graceMs = gateway.config.limits.shutdownGraceMs } = {}) => {
      await listener.close(drainDelayMs, graceMs);
      await admin?.close();
    };
    const { urls } = listener;
    return { url: urls[0] ?? '', urls, ...(adminUrl === undefined ? {} : { adminUrl }), gateway, close };
  } catch (e) {
    await Promise.all([gateway.close(0), admin?.close()]);
    throw e;
  }
}
