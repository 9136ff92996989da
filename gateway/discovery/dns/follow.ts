import type { Logger } from '../../exchange/logger.js';
import type { UpstreamOptions } from '../../upstream/create.js';
import { hostOf } from '../../upstream/tls.js';
import type { Upstream } from '../../upstream/upstream.js';
import { follow } from '../followed.js';
import { ListLog } from '../list-log.js';
import { type Names, systemNames } from './resolve.js';
import { DnsSource } from './source.js';

/** Opens an upstream with a server at each address of the target's name. */
export function followDns(o: UpstreamOptions, log: Pick<Logger, 'info' | 'warn'>, names: Names = systemNames()): Promise<Upstream> {
  const { address } = o.target;
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  return follow(new DnsSource(hostOf(address), port, names), o, new ListLog(o.name, log));
}
