import type { Logger } from '../../exchange/logger.js';
import type { UpstreamOptions } from '../../upstream/create.js';
import type { Upstream } from '../../upstream/upstream.js';
import { follow } from '../followed.js';
import { ListLog } from '../list-log.js';
import { EtcdSource } from './source.js';

/** Opens an upstream with the servers that stand under a prefix of the etcd at the target. */
export function followEtcd(o: UpstreamOptions, prefix: string, log: Pick<Logger, 'info' | 'warn'>): Promise<Upstream> {
  return follow(new EtcdSource(o.target.address, prefix), o, new ListLog(o.name, log));
}
