import type { Config } from '../config/config.js';
import type { RemoteOptions } from '../sources/remote.js';
import { isUrl } from '../sources/url.js';
import { reflectedServers } from './reflected-servers.js';

/** The sources of a configuration that are not files of this machine. */
export function remoteSources(config: Config): RemoteOptions {
  return { reflection: reflectedServers(config), urls: config.sources.descriptorSets.filter(isUrl) };
}
