import { type DocsPaths, docsPaths } from '../../swagger/ui.js';
import type { Config } from '../config/config.js';

/** Where the documents are served; they are if `docs.enabled`. */
export function documentPaths({ docs }: Config): DocsPaths {
  return { ui: docs.ui, json: docs.document, yaml: docs.document.replace(/\.json$/, '.yaml') };
}

/** Every path that a gateway answers itself, by GET, unless a binding takes it: health checks and documents. */
export function ownPaths(config: Config): readonly string[] {
  const checks = [config.health.live, config.health.ready].filter((path) => path !== false);
  return config.docs.enabled ? [...checks, ...docsPaths(documentPaths(config))] : checks;
}
