import type { EnumDescriptor } from '../descriptor/descriptor.js';
import { EDITION_2024 } from './editions.js';
import type { Parser } from './parser.js';

/** SymbolVisibility. */
const VISIBILITY = { local: 1, export: 2 } as const;

/** `export` or `local` before a message or enum, since edition 2024; undefined if there is neither. */
export function parseVisibility(p: Parser): number | undefined {
  const { text } = p.current;
  if (p.edition < EDITION_2024 || (text !== 'export' && text !== 'local')) return undefined;
  p.next();
  if (!p.at('message') && !p.at('enum')) p.fail(`"${text}" is for messages and enums only`);
  return VISIBILITY[text];
}

/** An enum with nothing in it. */
export function emptyEnum(visibility: number | undefined): EnumDescriptor {
  return { value: [], reservedRange: [], reservedName: [], ...(visibility === undefined ? {} : { visibility }) };
}
