/** The `json_name` of a field that gives none: `page_size` -> `pageSize` (descriptor.proto, FieldDescriptorProto.json_name). */
export function jsonNameOf(protoName: string): string {
  if (!protoName.includes('_')) return protoName;
  return protoName.replace(/_+([a-z])?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');
}
