import { type Config, type ReflectionSettings, reflectionSettings } from '../config/config.js';
import type { ReflectionOptions } from '../sources/reflection/reflect.js';

/** The upstreams that are sources, too. */
export function reflectedServers({ upstreams }: Config): readonly (ReflectionOptions & ReflectionSettings)[] {
  return Object.entries(upstreams).flatMap(([name, { target, reflection }]) => {
    const settings = reflectionSettings(reflection);
    return settings === undefined ? [] : [{ name, target, ...settings }];
  });
}
