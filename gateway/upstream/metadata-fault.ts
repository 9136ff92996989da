import { isMetadataName, isOfCall, isSingular } from '../exchange/header-names.js';
import type { Metadata } from './call.js';

const ASCII = /^[\x20-\x7e]*$/;

/** Why request metadata cannot be sent; undefined: it can. */
export function metadataFault(m: Metadata): string | undefined {
  for (let i = 0; i < m.length; i++) {
    const entry = m[i];
    if (entry === undefined) continue;
    const [name, value] = entry;
    if (!isMetadataName(name)) return `metadata cannot have the name ${JSON.stringify(name)}`;
    if (isOfCall(name)) return `metadata cannot contain ${name}`;
    if (typeof value !== 'string' ? !name.endsWith('-bin') : name.endsWith('-bin') || !ASCII.test(value)) {
      return `metadata ${name} has a value that cannot be sent`;
    }
    if (isSingular(name) && m.some(([other], j) => j < i && other === name)) return `metadata cannot contain ${name} twice`;
  }
  return undefined;
}
