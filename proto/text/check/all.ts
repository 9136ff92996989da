import { OPTIONS_FIELD } from '../element.js';
import type { Checker } from './checker.js';
import { checkEnum } from './enum.js';
import { checkDeclarations, checkDeclared, rangeDeclarationsOf } from './extension-declarations.js';
import { checkExtensionNumbers } from './extension-numbers.js';
import { checkField } from './field.js';
import { checkFile, checkImports } from './file.js';
import { checkMessage } from './message.js';
import { checkNamingStyle } from './naming-style.js';
import { checkOptionUse } from './option-use.js';
import { checkVisibility, defaultVisibility } from './visibility.js';

/** Refuses what protoc refuses in files whose names and options are all resolved. */
export function checkAll(checker: Checker): void {
  const { file } = checker;
  file.visibility = defaultVisibility(checker);
  file.rangeDeclarations = rangeDeclarationsOf(checker);
  checkImports(checker);
  checkExtensionNumbers(checker);
  checkFile(checker);
  checkOptionUse(checker, file.descriptor, 'file', [OPTIONS_FIELD.file]);
  for (const element of file.elements) {
    const { kind, node, path } = element;
    if (kind === 'message') checkMessage(checker, element);
    else if (kind === 'enum') checkEnum(checker, element);
    else if (kind === 'field' || kind === 'extension') checkField(checker, element);
    else if (kind === 'range') checkDeclarations(checker, element);
    if (kind === 'extension') checkDeclared(checker, element);
    checkOptionUse(checker, node, kind, [...path, OPTIONS_FIELD[kind]]);
  }
  if (file.problems.length > 0) return;
  checkNamingStyle(checker);
  checkVisibility(checker);
}
