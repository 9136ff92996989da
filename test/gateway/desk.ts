import { resolve } from 'node:path';
import { type ConfigInput, type GatewayOptions, type RunningGateway, startGateway } from '../../gateway/index.js';
import { type Backend, type StreamHandler, startBackend, type UnaryHandler } from '../support/backend.js';

/** The proto file of the service under test. */
export const deskProto = resolve(import.meta.dirname, '../../../test/gateway/protos/desk.proto');

/** A gateway in front of a real gRPC server. */
export interface Desk {
  readonly url: string;
  readonly running: RunningGateway;
  readonly backend: Backend;
}

interface Handlers {
  readonly unary?: Record<string, UnaryHandler>;
  readonly stream?: Record<string, StreamHandler>;
}

const inService = <H>(handlers: Record<string, H> = {}) =>
  Object.fromEntries(Object.entries(handlers).map(([name, h]) => [`desk.v1.Desk.${name}`, h]));

/** Starts both on free ports and stops them with the test. Handlers by short method name. */
export async function startDesk(
  t: { teardown(stop: () => unknown): void },
  handlers: Handlers,
  config: ConfigInput = {},
  options: GatewayOptions = {},
): Promise<Desk> {
  const backend = await startBackend(deskProto, { unary: inService(handlers.unary), stream: inService(handlers.stream) });
  t.teardown(() => backend.close());
  const running = await startGateway(deskConfig(backend.target, config), options);
  t.teardown(() => running.close({ graceMs: 0 }));
  return { url: running.url, running, backend };
}

/** The configuration of a gateway in front of that target. */
export function deskConfig(target: string, config: ConfigInput = {}): ConfigInput {
  return {
    listen: '127.0.0.1:0',
    sources: { protos: [deskProto] },
    upstreams: { default: { target } },
    log: { level: 'silent' },
    ...config,
  };
}
