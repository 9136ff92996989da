import { resolve } from 'node:path';
import type { ConfigInput, GatewayOptions } from '../../gateway/index.js';
import { type Handlers, type Service, startService } from './service.js';

const proto = resolve(import.meta.dirname, '../../../test/gateway/protos/replies.proto');

/** Starts a gateway and a server for replies.proto on free ports, and stops them with the test. Handlers by short method name. */
export function startReplies(
  t: { teardown(stop: () => unknown): void },
  handlers: Handlers,
  config: ConfigInput = {},
  options: GatewayOptions = {},
): Promise<Service> {
  return startService(t, { proto, name: 'replies.v1.Replies' }, handlers, config, options);
}
