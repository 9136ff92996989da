import { type ConfigInput, type RunningGateway, type StartOptions, startGateway } from '../../gateway/index.js';
import {
  type Backend,
  type BidiHandler,
  type ClientStreamHandler,
  type StreamHandler,
  startBackend,
  type UnaryHandler,
} from '../support/backend.js';

/** A gateway in front of a real gRPC server. */
export interface Service {
  readonly url: string;
  readonly running: RunningGateway;
  readonly backend: Backend;
}

/** By short method name. */
export interface Handlers {
  readonly unary?: Readonly<Record<string, UnaryHandler>>;
  readonly stream?: Readonly<Record<string, StreamHandler>>;
  readonly clientStream?: Readonly<Record<string, ClientStreamHandler>>;
  readonly bidi?: Readonly<Record<string, BidiHandler>>;
}

/** Starts both on free ports and stops them with the test. */
export async function startService(
  t: { teardown(stop: () => unknown): void },
  { proto, name }: { readonly proto: string; readonly name: string },
  handlers: Handlers,
  config: ConfigInput,
  options: StartOptions,
): Promise<Service> {
  const inService = <H>(those: Readonly<Record<string, H>> = {}) =>
    Object.fromEntries(Object.entries(those).map(([method, h]) => [`${name}.${method}`, h]));
  const backend = await startBackend(proto, {
    unary: inService(handlers.unary),
    stream: inService(handlers.stream),
    clientStream: inService(handlers.clientStream),
    bidi: inService(handlers.bidi),
  });
  t.teardown(() => backend.close());
  const running = await startGateway(serviceConfig(proto, backend.target, config), options);
  t.teardown(() => running.close({ graceMs: 0 }));
  return { url: running.url, running, backend };
}

/** The configuration of a gateway for that proto file in front of that target. */
export function serviceConfig(proto: string, target: string, config: ConfigInput = {}): ConfigInput {
  return {
    listen: '127.0.0.1:0',
    sources: { protos: [proto] },
    upstreams: { default: { target } },
    log: { level: 'silent' },
    ...config,
  };
}
