import type { Element } from '../element.js';
import type { LoadedFile } from '../loaded-file.js';
import type { MessageValue, Value } from '../message-value.js';

/** Number of `name` in every kind of descriptor that has one. */
const NAME = 1;

/** What the checks of one file share. */
export class Checker {
  constructor(
    readonly file: LoadedFile,
    readonly options: ReadonlyMap<object, MessageValue>,
  ) {}

  /** An option of a part of the file, by the name of its field: `option(node, 'features', 'field_presence')`. */
  option(node: object, name: string, ...rest: readonly string[]): Value | undefined {
    return this.options.get(node)?.get(name, ...rest);
  }

  /** An error at the name of an element, or at what `subPath` leads to from there. */
  report(element: Element, reason: string, ...subPath: readonly number[]): void {
    this.file.problem([...element.path, ...(subPath.length === 0 ? [NAME] : subPath)], element.name, reason);
  }
}
