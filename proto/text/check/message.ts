import { EDITION_PROTO3 } from '../editions.js';
import type { MessageElement } from '../element.js';
import type { Checker } from './checker.js';
import { checkJsonNames } from './json-names.js';
import { checkMessageRanges } from './ranges.js';

const MESSAGE = { field: 2, extensionRange: 5, oneof: 8 } as const;
const FIELD_NUMBER = 3;
const MAX_FIELDS = 65_535;

/** What protoc refuses in a message as a whole. */
export function checkMessage(checker: Checker, message: MessageElement): void {
  const { node } = message;
  const isMessageSet = checker.option(node, 'message_set_wire_format') === true;
  if (checker.file.edition === EDITION_PROTO3) {
    if (node.extensionRange.length > 0) checker.report(message, 'proto3 has no extension ranges', MESSAGE.extensionRange, 0);
    if (isMessageSet) checker.report(message, 'proto3 has no message sets');
  }
  if (isMessageSet && node.field.length > 0) checker.report(message, 'a message set has extensions only, no fields', MESSAGE.field, 0);
  if (node.field.length > MAX_FIELDS) checker.report(message, `has ${node.field.length} fields; the limit is ${MAX_FIELDS}`);
  checkMessageRanges(checker, message);
  checkNumbers(checker, message);
  checkOneofs(checker, message);
  checkJsonNames(checker, message);
}

function checkNumbers(checker: Checker, message: MessageElement): void {
  const used = new Map<number, string>();
  for (const [i, { number = 0, name = '' }] of message.node.field.entries()) {
    const other = used.get(number);
    if (other === undefined) used.set(number, name);
    else checker.report(message, `field ${name} has number ${number}, which ${other} has already`, MESSAGE.field, i, FIELD_NUMBER);
  }
}

function checkOneofs(checker: Checker, message: MessageElement): void {
  const filled = new Set(message.node.field.map(({ oneofIndex }) => oneofIndex));
  for (const [i, { name }] of message.node.oneofDecl.entries()) {
    if (!filled.has(i)) checker.report(message, `the oneof ${name} has no field`, MESSAGE.oneof, i);
  }
}
