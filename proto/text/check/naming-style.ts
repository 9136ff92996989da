import { EDITION_2024, EDITION_2026 } from '../editions.js';
import type { Element, MessageElement } from '../element.js';
import type { Checker } from './checker.js';

/** FeatureSet.EnforceNamingStyle in the order of strictness. */
const STYLE_LEGACY = 0;
const STYLE2024 = 1;
const STYLE2026 = 2;
const STYLES: ReadonlyMap<bigint, number> = new Map([
  [1n, STYLE2024],
  [2n, STYLE_LEGACY],
  [3n, STYLE2026],
]);

const FORMS = {
  TitleCase: /^[A-Z][A-Za-z0-9]*$/,
  // An underscore stands between letters and digits, and a letter follows it.
  lower_snake_case: /^[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*$/,
  UPPER_SNAKE_CASE: /^[A-Z][A-Z0-9]*(?:_[A-Z][A-Z0-9]*)*$/,
} as const;

const FORM = {
  message: 'TitleCase',
  enum: 'TitleCase',
  service: 'TitleCase',
  method: 'TitleCase',
  field: 'lower_snake_case',
  extension: 'lower_snake_case',
  oneof: 'lower_snake_case',
  value: 'UPPER_SNAKE_CASE',
} as const;

/** Since edition 2024 names have the form of the style guide, unless features.enforce_naming_style is STYLE_LEGACY. */
export function checkNamingStyle(checker: Checker): void {
  const { file } = checker;
  if (file.edition < EDITION_2024) return;
  const ofFile = styleOf(checker, file.descriptor, file.edition >= EDITION_2026 ? STYLE2026 : STYLE2024);
  if (ofFile >= STYLE2024 && file.package !== '' && !isPackageName(file.package)) {
    file.problem([2], file.package, advise('a package is named in lower_snake_case'));
  }
  // What an element says of itself holds for all inside it.
  const styles = new Map<object | undefined, number>([[undefined, ofFile]]);
  for (const element of file.elements) {
    const { node } = element;
    const style = styleOf(checker, node, styles.get(outerOf(element)) ?? ofFile);
    styles.set(node, style);
    if (style >= STYLE2024) checkName(checker, element);
    if (style >= STYLE2026) checkCollision(checker, element);
  }
}

function styleOf(checker: Checker, node: object, outer: number): number {
  const value = checker.option(node, 'features', 'enforce_naming_style');
  return typeof value === 'bigint' ? (STYLES.get(value) ?? outer) : outer;
}

/** The node of what is around an element. */
function outerOf(element: Element): object | undefined {
  if (element.kind === 'value') return element.enum.node;
  if (element.kind === 'method') return element.service.node;
  if (element.kind === 'field' && element.node.oneofIndex !== undefined) return element.parent?.node.oneofDecl[element.node.oneofIndex];
  return element.parent?.node;
}

function checkName(checker: Checker, element: Element): void {
  const { kind, node } = element;
  if (kind === 'range') return;
  const form = FORM[kind];
  if (!FORMS[form].test(node.name ?? '')) checker.report(element, advise(`is to be named in ${form}`), 1);
}

function isPackageName(name: string): boolean {
  return /^[a-z][a-z0-9_.]*$/.test(name) && !/_(?:$|[^a-z])/.test(name);
}

function advise(reason: string): string {
  return `${reason}; features.enforce_naming_style = STYLE_LEGACY turns this check off`;
}

/** Names that get in each other's way in generated code. */
function checkCollision(checker: Checker, element: Element): void {
  if (element.kind !== 'field' && element.kind !== 'extension' && element.kind !== 'oneof') return;
  const name = element.node.name ?? '';
  if (name === 'descriptor') checker.report(element, 'cannot be named descriptor', 1);
  const { parent } = element;
  if (parent === undefined) return;
  const base = /^(?:has|get|set|clear)_(.+)$/.exec(name)?.[1];
  const stem = /^(.+)_value$/.exec(name)?.[1];
  for (const other of [base, stem]) {
    if (other !== undefined && hasMember(parent, other)) checker.report(element, `collides in generated code with ${other}`, 1);
  }
}

function hasMember({ node }: MessageElement, name: string): boolean {
  return [...node.field, ...node.oneofDecl].some((each) => each.name === name);
}
