import type { ElementFile, EnumElement, FieldElement, MessageElement } from './element.js';
import type { AnyField } from './field-traits.js';

/** The type with an absolute name, as a resolved file has it: `.pkg.Type`. */
export function typeNamed(file: ElementFile, name: string | undefined): MessageElement | EnumElement | undefined {
  const found = name === undefined ? undefined : file.symbols.get(name.slice(1));
  return found?.kind === 'message' || found?.kind === 'enum' ? found : undefined;
}

/** The message type of a field; undefined for scalars and enums. */
export function messageOf(field: AnyField): MessageElement | undefined {
  const found = typeNamed(field.file, field.node.typeName);
  return found?.kind === 'message' ? found : undefined;
}

/** The enum of a field. */
export function enumOf(field: AnyField): EnumElement | undefined {
  const found = typeNamed(field.file, field.node.typeName);
  return found?.kind === 'enum' ? found : undefined;
}

/** The field of a message by its name in the source. */
export function fieldOf(message: MessageElement, name: string): FieldElement | undefined {
  const found = message.file.symbols.get(`${message.name}.${name}`);
  return found?.kind === 'field' && found.parent === message ? found : undefined;
}
