import { EDITION_2024, EDITION_2026 } from '../editions.js';
import type { EnumElement, MessageElement } from '../element.js';
import { MAX_FIELD_NUMBER } from '../parse-ranges.js';
import { typeNamed } from '../type-of.js';
import type { Checker } from './checker.js';

/** SymbolVisibility, and FeatureSet.VisibilityFeature.DefaultSymbolVisibility. */
const LOCAL = 1;
const EXPORT = 2;
const DEFAULT = { exportAll: 1n, exportTopLevel: 2n, localAll: 3n, strict: 4n } as const;

/** default_symbol_visibility of a file. */
export function defaultVisibility(checker: Checker): bigint {
  const { file } = checker;
  const value = checker.option(file.descriptor, 'features', 'default_symbol_visibility');
  if (typeof value === 'bigint') return value;
  if (file.edition >= EDITION_2026) return DEFAULT.strict;
  return file.edition >= EDITION_2024 ? DEFAULT.exportTopLevel : DEFAULT.exportAll;
}

/** Whether files that import its file may name a type: by `export` and `local`, else by the default of its file. */
function isExported(type: MessageElement | EnumElement): boolean {
  const { visibility = 0 } = type.node;
  if (visibility === EXPORT) return true;
  if (visibility === LOCAL) return false;
  const byDefault = type.file.visibility;
  return byDefault === DEFAULT.exportAll || (byDefault === DEFAULT.exportTopLevel && type.parent === undefined);
}

/** A file names only types that are its own or exported. */
export function checkVisibility(checker: Checker): void {
  const { file } = checker;
  for (const element of file.elements) {
    const { node } = element;
    switch (element.kind) {
      case 'field':
      case 'extension':
        checkReference(checker, element.node.typeName, [...element.path, 6], element.name);
        checkReference(checker, element.node.extendee, [...element.path, 2], element.name);
        break;
      case 'method':
        checkReference(checker, element.node.inputType, [...element.path, 2], element.name);
        checkReference(checker, element.node.outputType, [...element.path, 3], element.name);
        break;
      case 'message':
      case 'enum':
        if (file.visibility === DEFAULT.strict && 'visibility' in node && node.visibility === EXPORT && !mayExport(element)) {
          checker.report(element, 'is nested and cannot be exported where default_symbol_visibility is STRICT', 1);
        }
        break;
    }
  }
}

function checkReference({ file }: Checker, name: string | undefined, path: readonly number[], subject: string): void {
  const type = typeNamed(file, name);
  if (type === undefined || type.file === file || isExported(type)) return;
  file.problem(path, subject, `${type.name} is local to ${type.file.name}`);
}

/** Top-level types, and enums in a local message that is only there to hold them. */
function mayExport(type: MessageElement | EnumElement): boolean {
  const { parent } = type;
  if (parent === undefined) return true;
  if (type.kind === 'message' || parent.parent !== undefined || isExported(parent)) return false;
  const [range, ...more] = parent.node.reservedRange;
  return more.length === 0 && range?.start === 1 && range.end === MAX_FIELD_NUMBER + 1;
}
