import { type ConfigSource, type GatewayOptions, openConfigured } from '../lifecycle/create.js';
import { listenerSettings } from '../lifecycle/fixed-settings.js';
import type { Gateway } from '../lifecycle/gateway.js';
import { createAdmin } from './admin.js';
import { listenOn } from './listen.js';
import { listen } from './server.js';
import { ListenerTls } from './tls.js';

/** A gateway that listens. */
export interface RunningGateway {
  /** `http://host:port`, or `https://host:port` */
  readonly url: string;
  /** The same of `admin.listen`; undefined if the configuration has none. */
  readonly adminUrl?: string;
  readonly gateway: Gateway;
  /** Stops in two phases; default: at once for new requests, up to `limits.shutdownGraceMs` for those in progress. */
  close(options?: { readonly drainDelayMs?: number; readonly graceMs?: number }): Promise<void>;
}

/** Makes a gateway and listens at `listen` and `admin.listen`. Rejects with {@link StartError}, or with {@link ListenError}. */
export async function startGateway(source: ConfigSource, options: GatewayOptions = {}): Promise<RunningGateway> {
  const tls = new ListenerTls();
  const gateway = await openConfigured(source, options, listenerSettings, tls.prepare);
  const admin = gateway.config.admin === undefined ? undefined : createAdmin(gateway);
  try {
    const adminUrl = admin && (await listenOn(gateway.config.admin?.listen ?? '', (where) => admin.listen(where)));
    const listener = await listen(gateway, tls);
    const close: RunningGateway['close'] = async ({ drainDelayMs = 0, graceMs = gateway.config.limits.shutdownGraceMs } = {}) => {
      await listener.close(drainDelayMs, graceMs);
      await admin?.close();
    };
    return { url: listener.url, ...(adminUrl === undefined ? {} : { adminUrl }), gateway, close };
  } catch (e) {
    await Promise.all([gateway.close(0), admin?.close()]);
    throw e;
  }
}
