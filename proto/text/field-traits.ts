import { varintOption } from '../descriptor/option.js';
import { FEATURES, type Features, fileFeatures, refineFeatures } from '../link/features.js';
import type { ElementFile, EnumElement, ExtensionElement, FieldElement, MessageElement } from './element.js';
import { LABEL, TYPE } from './field-types.js';

/** A field or an extension: what a message value can have. */
export type AnyField = FieldElement | ExtensionElement;

/** Field numbers in FieldOptions, and OptionRetention.RETENTION_SOURCE. */
const PACKED = 2;
const RETENTION = 17;
const SOURCE = 2;

/** What features and options make of a field. */
export interface FieldTraits {
  readonly repeated: boolean;
  readonly packed: boolean;
  /** Unset and zero are the same, so that zero is not written. */
  readonly implicit: boolean;
  /** Group encoding. */
  readonly delimited: boolean;
  /** A string that must be UTF-8. */
  readonly utf8: boolean;
  /** For option fields: for compilers only, left out of descriptors. */
  readonly sourceOnly: boolean;
}

const known = new WeakMap<AnyField, FieldTraits>();

/** Traits of a field. While its own file is being interpreted they are what is known so far. */
export function traitsOf(field: AnyField): FieldTraits {
  const before = known.get(field);
  if (before !== undefined) return before;
  const traits = readTraits(field);
  if (field.file.features !== undefined) known.set(field, traits);
  return traits;
}

function readTraits(field: AnyField): FieldTraits {
  const { node, parent } = field;
  const outer = field.kind === 'field' && parent !== undefined ? messageFeatures(parent) : featuresOfFile(field.file);
  const features = refineFeatures(outer, node.options, FEATURES.field);
  const repeated = node.label === LABEL.repeated;
  const type = node.type ?? 0;
  const isMessage = type === TYPE.message || type === TYPE.group;
  const packedOption = varintOption(node.options, PACKED);
  const hasPresence = field.kind === 'extension' || isMessage || node.oneofIndex !== undefined || isMapEntry(parent);
  return {
    repeated,
    packed: repeated && isPackable(type) && (packedOption === undefined ? features.packed : packedOption === 1),
    implicit: !repeated && !hasPresence && features.presence === 'implicit',
    delimited: type === TYPE.group || (type === TYPE.message && features.delimited && !isMapEntry(parent)),
    utf8: type === TYPE.string && features.utf8,
    sourceOnly: varintOption(node.options, RETENTION) === SOURCE,
  };
}

/** Every scalar but strings and bytes. */
export function isPackable(type: number): boolean {
  return type !== TYPE.string && type !== TYPE.bytes && type !== TYPE.message && type !== TYPE.group;
}

/** True for the synthetic message behind a map field. */
export function isMapEntry(message: MessageElement | undefined): boolean {
  return message !== undefined && varintOption(message.node.options, 7) === 1;
}

/** Features of a file; its options must be interpreted, those that are extensions aside. */
export function featuresOfFile(file: ElementFile): Features {
  return file.features ?? fileFeatures(file.descriptor, file.edition);
}

function messageFeatures(message: MessageElement): Features {
  const outer = message.parent === undefined ? featuresOfFile(message.file) : messageFeatures(message.parent);
  return refineFeatures(outer, message.node.options, FEATURES.message);
}

/** An enum that treats unknown numbers as unknown fields. */
export function isClosed(enumeration: EnumElement): boolean {
  const outer = enumeration.parent === undefined ? featuresOfFile(enumeration.file) : messageFeatures(enumeration.parent);
  return refineFeatures(outer, enumeration.node.options, FEATURES.enum).closed;
}

/** A message with extensions in the MessageSet wire format. */
export function isMessageSet(message: MessageElement): boolean {
  return varintOption(message.node.options, 1) === 1;
}
