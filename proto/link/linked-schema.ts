import { createHash } from 'node:crypto';
import type { Problem } from '../problem.js';
import type { EnumType, FieldType, Location, MessageType, MethodType, Schema, ServiceType } from '../schema.js';
import type { Steps } from '../steps.js';
import type { Symbols } from './symbols.js';
import { LinkedEnum, LinkedMessage } from './types.js';

/** Extensions by the message they extend. */
export type Extensions = ReadonlyMap<MessageType, readonly FieldType[]>;

/** Two extensions of one message with the same number become a problem. */
export function groupExtensions(fields: readonly FieldType[], symbols: Symbols, problems: Problem[]): Extensions {
  const byMessage = new Map<MessageType, Map<number, FieldType>>();
  for (const field of fields) {
    const others = byMessage.get(field.parent) ?? new Map<number, FieldType>();
    const rival = others.get(field.number);
    if (rival === undefined) byMessage.set(field.parent, others.set(field.number, field));
    else {
      const reason = `extends ${field.parent.name} with number ${field.number}, as does ${rival.name} in ${symbols.place(rival.name)}`;
      const problem = symbols.place(field.name)?.problem(field.name, reason);
      if (problem !== undefined) problems.push(problem);
    }
  }
  return new Map([...byMessage].map(([message, extensions]) => [message, [...extensions.values()]]));
}

/** The answers of a schema. */
export class LinkedSchema implements Schema {
  readonly methods: readonly MethodType[];
  readonly #symbols: Symbols;
  readonly #extensions: Extensions;

  constructor(
    readonly hash: string,
    readonly services: readonly ServiceType[],
    extensions: Extensions,
    symbols: Symbols,
  ) {
    this.methods = services.flatMap((service) => service.methods);
    this.#extensions = extensions;
    this.#symbols = symbols;
  }

  message(name: string): MessageType | undefined {
    const type = this.#symbols.type(name);
    return type instanceof LinkedMessage ? type : undefined;
  }

  enum(name: string): EnumType | undefined {
    const type = this.#symbols.type(name);
    return type instanceof LinkedEnum ? type : undefined;
  }

  extensions(of: MessageType): readonly FieldType[] {
    return this.#extensions.get(of) ?? [];
  }

  where(element: string): Location | undefined {
    return this.#symbols.place(element)?.location;
  }
}

/** Of the files in order of their names, each by its own digest, so that no two lists of files look alike. */
export function* hashOf(files: readonly Uint8Array[]): Steps<string> {
  const all = createHash('sha256');
  for (const bytes of files) {
    all.update(createHash('sha256').update(bytes).digest());
    yield;
  }
  return all.digest('hex');
}
