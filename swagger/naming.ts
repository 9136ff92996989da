import type { Binding } from '../annotations/binding.js';
import { fieldKey } from '../proto/json/field-key.js';
import type { FieldChain, ServiceType } from '../proto/schema.js';
import { singular } from './singular.js';

/** `book.author.name`: how a query parameter names the field. */
export function chainName(chain: FieldChain, protoNames: boolean): string {
  return chain.map((field) => fieldKey(field, protoNames)).join('.');
}

/**
 * The name of one member of a collection, in the spelling that field names have; '' if the literal holds no letter.
 *
 *     shelves -> shelf; instance-groups, instanceGroups -> instanceGroup (instance_group with proto names); SSLCerts -> sslCert
 */
export function memberName(collection: string, protoNames: boolean): string {
  const words = collection
    .replace(/%[0-9A-Fa-f]{2}/g, ' ')
    .replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const last = words.pop();
  if (last === undefined || !/[a-z]/.test(collection.toLowerCase())) return '';
  words.push(singular(last));
  return protoNames ? words.join('_') : words.map((word, i) => (i === 0 ? word : capital(word))).join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `name`, or the first of `name2`, `name3`... that is not taken. */
export function uniqueName(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let n = 2; taken.has(candidate); n++) candidate = `${name}${n}`;
  return candidate;
}

/** Services by the shortest name that tells them apart: `Books`, or `bookstore.v1.Books` where another package has a `Books` too. */
export function nameServices(services: Iterable<ServiceType>): ReadonlyMap<ServiceType, string> {
  const all = [...new Set(services)];
  const count = new Map<string, number>();
  for (const service of all) count.set(shortName(service), (count.get(shortName(service)) ?? 0) + 1);
  return new Map(all.map((service) => [service, count.get(shortName(service)) === 1 ? shortName(service) : service.name]));
}

function shortName(service: ServiceType): string {
  return service.name.slice(service.name.lastIndexOf('.') + 1);
}

/**
 * `Service_Method` for a rule, `Service_Method_1`... for its additional bindings; unique in the document.
 *
 * @param bindings in the order of the document: where two ids would be equal, the later one gets a number
 */
export function nameOperations(bindings: readonly Binding[], services: ReadonlyMap<ServiceType, string>): ReadonlyMap<Binding, string> {
  const names = new Map<Binding, string>();
  const taken = new Set<string>();
  const rulesFirst = [...bindings].sort((a, b) => Number(a.index > 0) - Number(b.index > 0));
  for (const binding of rulesFirst) {
    const service = (services.get(binding.method.service) ?? binding.method.service.name).replaceAll('.', '_');
    const plain = `${service}_${binding.method.protoName}${binding.index === 0 ? '' : `_${binding.index}`}`;
    const name = uniqueName(plain, taken);
    taken.add(name);
    names.set(binding, name);
  }
  return names;
}
