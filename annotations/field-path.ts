import type { FieldChain, FieldType, MessageType } from '../proto/schema.js';

/** Messages that ProtoJSON writes as one string or number, so that text in a path or query can set them. */
const textual: ReadonlySet<string> = new Set(
  'Double Float Int64 UInt64 Int32 UInt32 Bool String Bytes'
    .split(' ')
    .map((kind) => `google.protobuf.${kind}Value`)
    .concat('google.protobuf.Timestamp', 'google.protobuf.Duration', 'google.protobuf.FieldMask'),
);

/** Whether a piece of text can be the whole value of the field: a singular one that is no message, or a message with a text form. */
export function hasTextForm(field: FieldType): boolean {
  return !field.repeated && field.kind !== 'map' && (field.kind !== 'message' || textual.has(field.type.name));
}

/** The fields that `path` names as the proto does, or the reason why it names none: every step but the last must be a singular message. */
export function resolveFieldPath(message: MessageType, path: readonly string[]): FieldChain | string {
  const chain: FieldType[] = [];
  let inside: MessageType | undefined = message;
  for (const name of path) {
    const outer = chain.at(-1);
    if (inside === undefined) return `field "${outer?.protoName ?? ''}" of ${outer?.parent.name ?? ''} is not a singular message`;
    const field: FieldType | undefined = inside.fields.find((one) => one.protoName === name);
    if (field === undefined) {
      const meant = inside.field(name);
      return `${inside.name} has no field "${name}"${meant === undefined ? '' : `; did you mean "${meant.protoName}"?`}`;
    }
    chain.push(field);
    inside = field.kind === 'message' && !field.repeated ? field.type : undefined;
  }
  return chain;
}
