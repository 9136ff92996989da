import { nearest } from '../../proto/nearest.js';
import type { MessageType } from '../../proto/schema.js';
import { messageOf, resolveKey } from './named-field.js';

/**
 * Why a key names no field, with the nearest one that it may have meant.
 *
 *     filter.yaers  ->  unknown query parameter; is "filter.years" meant?
 *
 * @param noun what a key is: `query parameter`
 */
export function explainUnknown(key: string, type: MessageType, noun: string): string {
  const last = resolveKey(type, key.replace(/\[.*$/s, ''))?.at(-1);
  if (last?.kind === 'map') return `is a map: write ${last.protoName}[key]=value`;
  if (last !== undefined) return 'is not a map';
  const near = nearestKey(key, type);
  return near === undefined ? `unknown ${noun}` : `unknown ${noun}; is "${near}" meant?`;
}

function nearestKey(key: string, type: MessageType): string | undefined {
  const names = key.split('.', 32);
  let within: MessageType | undefined = type;
  for (const [depth, name] of names.entries()) {
    const field = within?.field(name);
    if (field !== undefined) {
      within = messageOf(field);
      continue;
    }
    const isSnake = name.includes('_');
    const near = nearest(name.replace(/\[.*$/s, ''), within?.fields.map((f) => (isSnake ? f.protoName : f.jsonName)) ?? [], 3);
    return near === undefined ? undefined : [...names.slice(0, depth), near].join('.');
  }
  return undefined;
}
