import type {
  EnumDescriptor,
  EnumValueDescriptor,
  ExtensionRange,
  FieldDescriptor,
  FileDescriptor,
  MessageDescriptor,
  MethodDescriptor,
  OneofDescriptor,
  ServiceDescriptor,
} from '../descriptor/descriptor.js';
import type { Features } from '../link/features.js';
import type { RangeDeclarations } from './range-declarations.js';

interface Base<Kind extends string, Node> {
  readonly kind: Kind;
  readonly node: Node;
  readonly file: ElementFile;
  /** Full name; values of enums are siblings of their enum. An extension range has the name of its message. */
  readonly name: string;
  /** As in source_code_info. */
  readonly path: readonly number[];
  /** The message around it. */
  readonly parent: MessageElement | undefined;
}

export type MessageElement = Base<'message', MessageDescriptor>;
export type FieldElement = Base<'field', FieldDescriptor>;
export type ExtensionElement = Base<'extension', FieldDescriptor>;
export type OneofElement = Base<'oneof', OneofDescriptor>;
export type RangeElement = Base<'range', ExtensionRange>;
export type EnumElement = Base<'enum', EnumDescriptor>;
export type ValueElement = Base<'value', EnumValueDescriptor> & { readonly enum: EnumElement };
export type ServiceElement = Base<'service', ServiceDescriptor>;
export type MethodElement = Base<'method', MethodDescriptor> & { readonly service: ServiceElement };

/** A part of a file that has a name, or at least options, of its own. */
export type Element =
  | MessageElement
  | FieldElement
  | ExtensionElement
  | OneofElement
  | RangeElement
  | EnumElement
  | ValueElement
  | ServiceElement
  | MethodElement;

/** What a full name stands for: an element of a file or a package. */
export type Declared =
  | Exclude<Element, { kind: 'range' }>
  | { readonly kind: 'package'; readonly name: string; readonly file: ElementFile };

/** A name that was looked up in vain, and what may help. */
export interface Unknown {
  readonly kind: 'unknown';
  /** Exists there, but that file is not imported. */
  readonly definedIn?: ElementFile;
  /** The innermost scope that has the first part of the name does not have the rest: the name was taken for this. */
  readonly takenFor?: string;
}

/** How names are looked up. */
export interface Names {
  /** What a full name stands for. */
  get(name: string): Declared | undefined;
  /**
   * What `name` means to the element `from` (a full name) of a file: absolute with a leading dot, else the innermost scope around the element
   * that knows the first part of the name decides, and the whole name must be there. Only imported files count.
   */
  resolve(name: string, from: string, file: ElementFile, wanted: 'type' | 'any', visible?: ReadonlySet<ElementFile>): Declared | Unknown;
}

/** What an element knows of the file that it stands in. */
export interface ElementFile {
  readonly name: string;
  readonly package: string;
  readonly descriptor: FileDescriptor;
  readonly edition: number;
  /** Where its names are declared. */
  readonly symbols: Names;
  /** Files whose elements this one may name: itself, its imports and what they import publicly. */
  readonly visible: ReadonlySet<ElementFile>;
  /** Its imports that are not found. */
  readonly absent: readonly string[];
  /** It names things that are nowhere, and that the absent imports may have. */
  lacksNames: boolean;
  /** Known once the options are interpreted. */
  readonly features: Features | undefined;
  /** It has optimize_for = LITE_RUNTIME. */
  readonly isLite: boolean;
  /** default_symbol_visibility; EXPORT_ALL until the options are known. */
  readonly visibility: bigint;
  /** Which extensions its extension ranges declare. */
  readonly rangeDeclarations: ReadonlyMap<ExtensionRange, RangeDeclarations>;
  /** An error at the part of the file that has the longest prefix of `path` in source_code_info. */
  problem(path: readonly number[], subject: string, reason: string): void;
}

/** What can have options. */
export type OptionHolder = Element['kind'] | 'file';

/** The message of google.protobuf that the options of each kind of element are. */
export const OPTIONS_MESSAGE: Readonly<Record<OptionHolder, string>> = {
  file: 'FileOptions',
  message: 'MessageOptions',
  field: 'FieldOptions',
  extension: 'FieldOptions',
  oneof: 'OneofOptions',
  range: 'ExtensionRangeOptions',
  enum: 'EnumOptions',
  value: 'EnumValueOptions',
  service: 'ServiceOptions',
  method: 'MethodOptions',
};

/** Number of the field `options` in the descriptor of each kind of element. */
export const OPTIONS_FIELD: Readonly<Record<OptionHolder, number>> = {
  file: 8,
  message: 7,
  field: 8,
  extension: 8,
  oneof: 2,
  range: 3,
  enum: 3,
  value: 3,
  service: 3,
  method: 4,
};

/** `scope.name`; the outermost scope is ''. */
export function qualify(scope: string, name: string | undefined): string {
  return scope === '' ? (name ?? '') : `${scope}.${name ?? ''}`;
}
