import type { FileDescriptor } from '../descriptor/descriptor.js';
import { messageOption, varintOption } from '../descriptor/option.js';

/** What editions call features (google.protobuf.FeatureSet), resolved for one element: those that change wire or JSON form. */
export interface Features {
  readonly presence: 'explicit' | 'implicit' | 'required';
  readonly closed: boolean;
  readonly packed: boolean;
  readonly utf8: boolean;
  readonly delimited: boolean;
}

/** Field numbers of `features` in FileOptions, MessageOptions... */
export const FEATURES = { file: 50, message: 12, field: 21, oneof: 1, enum: 7 } as const;

const PROTO2 = 998;
const PROTO3 = 999;
const FIRST_EDITION = 1000;
const LAST_EDITION = 1002;

const proto2: Features = { presence: 'explicit', closed: true, packed: false, utf8: false, delimited: false };
const proto3: Features = { presence: 'implicit', closed: false, packed: true, utf8: true, delimited: false };
const edition2023: Features = { presence: 'explicit', closed: false, packed: true, utf8: true, delimited: false };

/** google.protobuf.Edition of a file; undefined: one that this program does not know. */
export function editionOf(file: FileDescriptor): number | undefined {
  switch (file.syntax ?? '') {
    case '':
    case 'proto2':
      return PROTO2;
    case 'proto3':
      return PROTO3;
    case 'editions':
      return file.edition !== undefined && file.edition >= FIRST_EDITION && file.edition <= LAST_EDITION ? file.edition : undefined;
    default:
      return undefined;
  }
}

/** Features of a file, which its elements inherit (https://protobuf.dev/editions/features/). 2024 and 2026 change none of these defaults. */
export function fileFeatures(file: FileDescriptor, edition: number): Features {
  if (edition === PROTO2) return proto2;
  if (edition === PROTO3) return proto3;
  return refineFeatures(edition2023, file.options, FEATURES.file);
}

/**
 * The features of an element inside one with features `outer`.
 *
 * @param number that of `features` in this kind of options, see {@link FEATURES}
 */
export function refineFeatures(outer: Features, options: Uint8Array | undefined, number: number): Features {
  if (options === undefined || options.length === 0) return outer;
  const set = messageOption(options, number);
  if (set === undefined) return outer;
  const presence = varintOption(set, 1);
  const either = (field: number, yes: number, no: number, inherited: boolean) => {
    const value = varintOption(set, field);
    return value === yes ? true : value === no ? false : inherited;
  };
  return {
    presence: presence === 1 ? 'explicit' : presence === 2 ? 'implicit' : presence === 3 ? 'required' : outer.presence,
    closed: either(2, 2, 1, outer.closed),
    packed: either(3, 1, 2, outer.packed),
    utf8: either(4, 2, 3, outer.utf8),
    delimited: either(5, 2, 1, outer.delimited),
  };
}
