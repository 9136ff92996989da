import { resolve } from 'node:path';
import type { ConfigInput, StartOptions } from '../../gateway/index.js';
import { type Handlers, type Service, serviceConfig, startService } from './service.js';

/** The proto file of the service under test. */
export const deskProto = resolve(import.meta.dirname, '../../../test/gateway/protos/desk.proto');

/** A gateway in front of a real gRPC server. */
export type Desk = Service;

/** Starts both on free ports and stops them with the test. Handlers by short method name. */
export function startDesk(
  t: { teardown(stop: () => unknown): void },
  handlers: Handlers,
  config: ConfigInput = {},
  options: StartOptions = {},
): Promise<Desk> {
  return startService(t, { proto: deskProto, name: 'desk.v1.Desk' }, handlers, config, options);
}

/** The configuration of a gateway in front of that target. */
export function deskConfig(target: string, config: ConfigInput = {}): ConfigInput {
  return serviceConfig(deskProto, target, config);
}
