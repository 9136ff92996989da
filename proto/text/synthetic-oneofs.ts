import type { MessageDescriptor } from '../descriptor/descriptor.js';

/** Gives each proto3 `optional` field a oneof of its own, after all others: `_name`, with more X in front while the name is taken. */
export function addSyntheticOneofs(message: MessageDescriptor): void {
  const taken = new Set([...message.field, ...message.oneofDecl].map(({ name }) => name));
  for (const field of message.field) {
    if (field.proto3Optional !== true) continue;
    let name = field.name?.startsWith('_') ? field.name : `_${field.name}`;
    while (taken.has(name)) name = `X${name}`;
    taken.add(name);
    field.oneofIndex = message.oneofDecl.length;
    message.oneofDecl.push({ name });
  }
}
