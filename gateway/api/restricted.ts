import type { RouteTable } from '../../annotations/binding.js';
import { openToAll, restrictionsOf, type Visibility, visibilityFor } from '../../annotations/visibility.js';
import type { Element, EnumType, FieldType, MessageType, MethodType, Schema } from '../../proto/schema.js';
import type { Config } from '../config/config.js';
import type { Policies } from './policy.js';

/** Whether its policy lets a method be served. */
export function isServed(method: MethodType, policies: Policies): boolean {
  const { expose, visibility } = policies.of(method);
  return expose && (visibility === undefined ? openToAll : visibilityFor(visibility)).method(method);
}

/** What the note is about. */
interface Loaded {
  readonly schema: Schema;
  readonly policies: Policies;
  readonly table: RouteTable;
}

/** Methods, fields and enum values. */
interface Parts {
  readonly methods: readonly MethodType[];
  readonly fields: readonly FieldType[];
  readonly values: EnumType['values'];
}

/** Says how much of an API `google.api.*_visibility` restricts, and what comes of it; undefined if nothing is restricted. */
export function restrictionNote({ schema, policies, table }: Loaded, config: Config): string | undefined {
  const all = partsOf(schema.methods);
  const restricted = hiddenFrom(visibilityFor([]), all);
  if (size(restricted) === 0) return undefined;
  const hidden = hiddenFrom(visibilityFor(config.docs.visibility), all);
  const ruled = new Set(table.bindings.map(({ method }) => method));
  const unserved = restricted.methods.filter((method) => policies.of(method).expose && !ruled.has(method) && !isServed(method, policies));
  const served = unserved.length === 0 ? 'all are served' : `${count(unserved.length, 'method')} not served`;
  const inDocument = size(hidden) === 0 ? 'all are in the OpenAPI document' : `the OpenAPI document leaves out ${list(hidden)}`;
  return `restricted (google.api.*_visibility: ${labelsOf(restricted).join(', ')}): ${list(restricted)}; ${inDocument}; ${served}`;
}

/** What methods have to do with: all that their messages reach. */
function partsOf(methods: readonly MethodType[]): Parts {
  const messages = new Set<MessageType>(methods.flatMap(({ input, output }) => [input, output]));
  const enums = new Set<EnumType>();
  const fields: FieldType[] = [];
  for (const message of messages) {
    for (const field of message.fields) {
      fields.push(field);
      const value = field.kind === 'map' ? field.value : field;
      if (value.kind === 'message') messages.add(value.type);
      else if (value.kind === 'enum') enums.add(value.type);
    }
  }
  return { methods, fields, values: [...enums].flatMap(({ values }) => values) };
}

function hiddenFrom(visibility: Visibility, { methods, fields, values }: Parts): Parts {
  return {
    methods: methods.filter((method) => !visibility.method(method)),
    fields: fields.filter((field) => !visibility.field(field)),
    values: values.filter((value) => !visibility.value(value)),
  };
}

function labelsOf({ methods, fields, values }: Parts): string[] {
  const types = fields.flatMap((field): Element[] => {
    const value = field.kind === 'map' ? field.value : field;
    return value.kind === 'message' || value.kind === 'enum' ? [field, value.type] : [field];
  });
  const elements: Element[] = [...methods, ...methods.map(({ service }) => service), ...types, ...values];
  return [...new Set(elements.flatMap(restrictionsOf))].sort();
}

function size({ methods, fields, values }: Parts): number {
  return methods.length + fields.length + values.length;
}

function list({ methods, fields, values }: Parts): string {
  const kinds = [count(methods.length, 'method'), count(fields.length, 'field'), count(values.length, 'enum value')];
  return kinds.filter((kind) => !kind.startsWith('0 ')).join(', ');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
