import type { Binding } from '../annotations/binding.js';
import { nameServices } from './naming.js';
import type { InfoObject } from './openapi.js';

/** More names than this make no title. */
const MAX_NAMES = 3;

/**
 * What a document is called when nobody says it: the names of its services, and the version that their packages end in
 * (https://google.aip.dev/185), the highest one if they differ, `1` if there is none.
 *
 *     bookstore.v1.Books, bookstore.v1.Shelves -> Books, Shelves; v1
 */
export function deriveInfo(bindings: readonly Binding[], given: Partial<InfoObject> = {}): InfoObject {
  const names = nameServices(bindings.map((binding) => binding.method.service));
  const titles = [...names.values()].sort();
  const rest = titles.length - MAX_NAMES;
  const title = rest > 1 ? `${titles.slice(0, MAX_NAMES).join(', ')} and ${rest} more` : titles.join(', ');
  const versions = [...names.keys()]
    .map((service) => /\.(v\d\w*)\.[^.]+$/.exec(service.name)?.[1])
    .filter((version) => version !== undefined);
  return { title: title === '' ? 'API' : title, version: versions.sort(compareVersions).at(-1) ?? '1', ...given };
}

const numeric = new Intl.Collator('en', { numeric: true });

/** `v1alpha` < `v1beta1` < `v1` < `v2`. */
function compareVersions(a: string, b: string): number {
  const stable = (version: string) => (/^v\d+$/.test(version) ? `${version}~` : version);
  const [one, other] = [/^v\d+/.exec(a)?.[0] ?? '', /^v\d+/.exec(b)?.[0] ?? ''];
  return numeric.compare(one, other) || (stable(a) < stable(b) ? -1 : 1);
}
