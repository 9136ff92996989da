import type { Checker } from './checker.js';

const NUMBER = 3;

/** The extensions that a file gives a message have different numbers. */
export function checkExtensionNumbers(checker: Checker): void {
  const used = new Map<string, string>();
  for (const element of checker.file.elements) {
    if (element.kind !== 'extension') continue;
    const { extendee = '', number = 0 } = element.node;
    const key = `${extendee} ${number}`;
    const other = used.get(key);
    if (other === undefined) used.set(key, element.name);
    else checker.report(element, `has number ${number}, which ${other} has already for ${extendee.slice(1)}`, NUMBER);
  }
}
