import type { FieldType } from '../proto/schema.js';
import { WireFormatError, WireReader } from '../proto/wire/reader.js';
import { LENGTH, VARINT } from '../proto/wire/wire.js';

/** Extension numbers of FieldOptions: google/api/field_behavior.proto, google/api/resource.proto and google/api/field_info.proto. */
const FIELD_BEHAVIOR = 1052;
const RESOURCE_REFERENCE = 1055;
const FIELD_INFO = 291403980;

/** google.api.FieldBehavior. */
const REQUIRED = 2;
const OUTPUT_ONLY = 3;
const INPUT_ONLY = 4;
const IMMUTABLE = 5;

/** google.api.FieldInfo.Format by number, as JSON Schema's `format`; a field that takes both IP versions has none. */
const formats: readonly (string | undefined)[] = [undefined, 'uuid', 'ipv4', 'ipv6'];

/** What a field's options say about its use in an API. */
export interface FieldUse {
  /** Must be given in requests: `REQUIRED`, or required in proto2's sense. */
  readonly required: boolean;
  readonly outputOnly: boolean;
  readonly inputOnly: boolean;
  readonly immutable: boolean;
  /** From `google.api.field_info`. */
  readonly format: string | undefined;
  /** Names a resource of an API: `google.api.resource_reference`. */
  readonly reference: boolean;
}

const uses = new WeakMap<FieldType, FieldUse>();

/** Reads `google.api.field_behavior`, `google.api.field_info` and `google.api.resource_reference` from the bytes of the field's options. Broken options say nothing. */
export function fieldUse(field: FieldType): FieldUse {
  let use = uses.get(field);
  if (use === undefined) {
    use = readUse(field);
    uses.set(field, use);
  }
  return use;
}

function readUse(field: FieldType): FieldUse {
  const behavior = new Set<number>();
  let format: string | undefined;
  let reference = false;
  try {
    for (const reader = new WireReader(field.options); !reader.done; ) {
      const tag = reader.tag();
      if (tag === tagOf(FIELD_BEHAVIOR, VARINT)) behavior.add(reader.uint32());
      else if (tag === tagOf(FIELD_BEHAVIOR, LENGTH)) readPacked(reader.view(), behavior);
      else if (tag === tagOf(FIELD_INFO, LENGTH)) format = readFormat(reader.view());
      else {
        reference ||= tag === tagOf(RESOURCE_REFERENCE, LENGTH);
        reader.skip(tag);
      }
    }
  } catch (error) {
    if (!(error instanceof WireFormatError)) throw error;
  }
  return {
    required: field.required || behavior.has(REQUIRED),
    outputOnly: behavior.has(OUTPUT_ONLY),
    inputOnly: behavior.has(INPUT_ONLY),
    immutable: behavior.has(IMMUTABLE),
    format,
    reference,
  };
}

function tagOf(number: number, wireType: number): number {
  return ((number << 3) | wireType) >>> 0;
}

function readPacked(bytes: Uint8Array, into: Set<number>): void {
  for (const reader = new WireReader(bytes); !reader.done; ) into.add(reader.uint32());
}

function readFormat(fieldInfo: Uint8Array): string | undefined {
  let format: string | undefined;
  for (const reader = new WireReader(fieldInfo); !reader.done; ) {
    const tag = reader.tag();
    if (tag === tagOf(1, VARINT)) format = formats[reader.uint32()];
    else reader.skip(tag);
  }
  return format;
}
