import type { FieldDescriptor } from '../descriptor/descriptor.js';
import { jsonNameOf } from '../link/json-name.js';
import type { Declared, Element, ElementFile, ExtensionElement, FieldElement, MethodElement, Unknown } from './element.js';
import { TYPE } from './field-types.js';
import { printFloat } from './float-text.js';
import type { LoadedFile } from './loaded-file.js';

const FIELD = { extendee: 2, number: 3, typeName: 6, defaultValue: 7 } as const;
const METHOD = { input: 2, output: 3 } as const;

/** Makes every reference to a type absolute, and gives fields the kind of their type, json_name and their default in its final form. */
export function resolveReferences(file: LoadedFile): void {
  for (const element of file.elements) {
    if (element.kind === 'field' || element.kind === 'extension') resolveField(element);
    else if (element.kind === 'method') resolveMethod(element);
  }
}

function resolveField(element: FieldElement | ExtensionElement): void {
  const { node } = element;
  if (node.extendee !== undefined) resolveExtendee(element, node.extendee);
  if (node.typeName !== undefined) resolveType(element, node.typeName);
  else if (node.type === TYPE.float && node.defaultValue !== undefined) {
    node.defaultValue = printFloat(Math.fround(readNumber(node.defaultValue)));
  }
  node.jsonName ??= jsonNameOf(node.name ?? '');
}

function readNumber(text: string): number {
  if (text.endsWith('inf')) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

function resolveExtendee(element: FieldElement | ExtensionElement, name: string): void {
  const { node, file, path } = element;
  const found = file.symbols.resolve(name, element.name, file, 'any');
  if (found.kind !== 'message') {
    refuse(element, path.concat(FIELD.extendee), 'message type', name, found);
    return;
  }
  node.extendee = `.${found.name}`;
  const number = node.number ?? 0;
  const isDeclared = found.node.extensionRange.some(({ start = 0, end = 0 }) => number >= start && number < end);
  if (!isDeclared) {
    file.problem(path.concat(FIELD.number), element.name, `${found.name} has no extension range with number ${number}`);
  }
}

function resolveType(element: FieldElement | ExtensionElement, name: string): void {
  const { node, file, path } = element;
  const found = file.symbols.resolve(name, element.name, file, 'type');
  if (found.kind === 'message') {
    node.type ??= TYPE.message;
    node.typeName = `.${found.name}`;
    if (node.defaultValue !== undefined) file.problem(path.concat(FIELD.defaultValue), element.name, 'a message has no default');
  } else if (found.kind === 'enum') {
    node.type ??= TYPE.enum;
    node.typeName = `.${found.name}`;
    checkEnumDefault(element, node, found);
  } else {
    refuse(element, path.concat(FIELD.typeName), 'type', name, found);
  }
}

function checkEnumDefault(element: Element, node: FieldDescriptor, type: Declared & { kind: 'enum' }): void {
  const { defaultValue } = node;
  if (defaultValue === undefined || type.node.value.some(({ name }) => name === defaultValue)) return;
  element.file.problem(element.path.concat(FIELD.defaultValue), element.name, `${type.name} has no value ${defaultValue}`);
}

function resolveMethod(element: MethodElement): void {
  const { node } = element;
  node.inputType = resolveMessage(element, node.inputType ?? '', METHOD.input);
  node.outputType = resolveMessage(element, node.outputType ?? '', METHOD.output);
}

function resolveMessage(element: MethodElement, name: string, number: number): string {
  const found = element.file.symbols.resolve(name, element.name, element.file, 'any');
  if (found.kind === 'message') return `.${found.name}`;
  refuse(element, element.path.concat(number), 'message type', name, found);
  return name;
}

/** Of what is nowhere the imports are to blame that are not found, if there are any. */
function refuse({ file, name: subject }: Element, path: readonly number[], wanted: string, name: string, found: Declared | Unknown): void {
  if (found.kind === 'unknown' && file.absent.length > 0) file.lacksNames = true;
  else file.problem(path, subject, notA(wanted, name, found, file));
}

/** Why a name is not what it should be, and what helps. */
function notA(wanted: string, name: string, found: Declared | Unknown, file: ElementFile): string {
  if (found.kind !== 'unknown') {
    const kind = found.kind === 'value' ? 'a value of an enum' : `${/^[aeiou]/.test(found.kind) ? 'an' : 'a'} ${found.kind}`;
    return `${name} is not a ${wanted}, but ${kind}`;
  }
  if (found.takenFor !== undefined) {
    return `${name} is taken for ${found.takenFor}, which is not defined: the innermost scope is searched first. Write .${name} to start from the outermost`;
  }
  if (found.definedIn !== undefined) return `${name} is defined in ${found.definedIn.name}, which ${file.name} does not import`;
  return `${name} is not defined, here or in an imported file`;
}
