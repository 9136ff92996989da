import { isMetadataName, isOfCall, isSingular } from '../exchange/header-names.js';
import type { Metadata } from './call.js';

const ASCII = /^[\x20-\x7e]*$/;

/** Why request metadata cannot be sent; undefined: it can. */
export function metadataFault(m: Metadata): string | undefined {
  for (let i = 0; i < m.length; i++) {
    const entry = m[i];
    if (entry === undefined) continue;
    const [name, value] = entry;
    const { fault, binary, singular } = natureOf(name);
    if (fault !== undefined) return fault;
    if (typeof value !== 'string' ? !binary : binary || !ASCII.test(value)) return `metadata ${name} has a value that cannot be sent`;
    if (singular && m.some(([other], j) => j < i && other === name)) return `metadata cannot contain ${name} twice`;
  }
  return undefined;
}

/** What a name says of its values. */
interface Nature {
  /** Why there cannot be any. */
  readonly fault: string | undefined;
  readonly binary: boolean;
  readonly singular: boolean;
}

/** Names that are remembered: nearly all calls have the same few, and to look at each anew costs more than to send it. */
const MOST_REMEMBERED = 256;
const LONGEST_REMEMBERED = 64;

const natures = new Map<string, Nature>();

function natureOf(name: string): Nature {
  const known = natures.get(name);
  if (known !== undefined) return known;
  const nature = { fault: nameFault(name), binary: name.endsWith('-bin'), singular: isSingular(name) };
  if (name.length <= LONGEST_REMEMBERED && natures.size < MOST_REMEMBERED) natures.set(name, nature);
  return nature;
}

function nameFault(name: string): string | undefined {
  if (!isMetadataName(name)) return `metadata cannot have the name ${JSON.stringify(name)}`;
  return isOfCall(name) ? `metadata cannot contain ${name}` : undefined;
}
