import { messageOption } from '../proto/descriptor/option.js';
import type { Element, EnumValue, FieldType, MethodType } from '../proto/schema.js';
import { WireFormatError, WireReader } from '../proto/wire/reader.js';
import { LENGTH } from '../proto/wire/wire.js';

/** Extension number of all options of google/api/visibility.proto, and in VisibilityRule of the labels. */
const VISIBILITY = 72295727;
const RESTRICTION = 2;

const utf8 = new TextDecoder();

/** Which parts of an API an audience may see. A part is visible if it and what it belongs to are. */
export interface Visibility {
  method(method: MethodType): boolean;
  /** The type of the field counts, too. */
  field(field: FieldType): boolean;
  value(value: EnumValue): boolean;
}

/** An audience that may see everything. */
export const openToAll: Visibility = { method: () => true, field: () => true, value: () => true };

/** What those may see who have one of these labels: of restricted parts those that name it (google.api.VisibilityRule.restriction). */
export function visibilityFor(labels: readonly string[]): Visibility {
  const known = new Map<Element, boolean>();
  const isOpen = (element: Element): boolean => {
    const seen = known.get(element);
    if (seen !== undefined) return seen;
    const restrictions = restrictionsOf(element);
    const open = restrictions.length === 0 || restrictions.some((label) => labels.includes(label));
    known.set(element, open);
    return open;
  };
  return {
    method: (method) => isOpen(method) && isOpen(method.service),
    field: (field) => {
      const value = field.kind === 'map' ? field.value : field;
      return isOpen(field) && (value.kind === 'message' || value.kind === 'enum' ? isOpen(value.type) : true);
    },
    value: isOpen,
  };
}

/** The labels that open an element; none: it is for everyone. An option that is broken is for nobody. */
export function restrictionsOf({ options }: Pick<Element, 'options'>): readonly string[] {
  try {
    const rule = messageOption(options, VISIBILITY);
    return rule === undefined ? [] : readLabels(rule);
  } catch (error) {
    if (error instanceof WireFormatError) return ['?'];
    throw error;
  }
}

function readLabels(rule: Uint8Array): string[] {
  let labels: string[] = [];
  for (const reader = new WireReader(rule); !reader.done; ) {
    const tag = reader.tag();
    if (tag !== ((RESTRICTION << 3) | LENGTH)) reader.skip(tag);
    else labels = utf8.decode(reader.view()).split(',');
  }
  return labels.map((label) => label.trim()).filter((label) => label !== '');
}
