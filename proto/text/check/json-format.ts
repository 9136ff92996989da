import { EDITION_PROTO2 } from '../editions.js';
import type { MessageElement } from '../element.js';
import type { Checker } from './checker.js';

const LEGACY_BEST_EFFORT = 2n;

/** The feature json_format of a message is ALLOW: its JSON form must be sound. */
export function strictJson(checker: Checker, element: MessageElement | undefined): boolean {
  if (element === undefined) {
    const value = checker.option(checker.file.descriptor, 'features', 'json_format');
    return value === undefined ? checker.file.edition !== EDITION_PROTO2 : value !== LEGACY_BEST_EFFORT;
  }
  const value = checker.option(element.node, 'features', 'json_format');
  return value === undefined ? strictJson(checker, element.parent) : value !== LEGACY_BEST_EFFORT;
}
