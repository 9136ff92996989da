import type { Problem } from '../problem.js';
import type { FieldType } from '../schema.js';
import type { Symbols } from './symbols.js';
import type { LinkedEnum, LinkedMessage } from './types.js';

/** protobuf keeps these numbers for itself. */
const FIRST_RESERVED = 19000;
const LAST_RESERVED = 19999;

/**
 * What makes a message unusable although all its types are known: fields that share a number, numbers that protobuf reserves. JSON names that clash
 * are a warning.
 */
export function checkMessage(type: LinkedMessage, symbols: Symbols, problems: Problem[]): void {
  const byNumber = new Map<number, FieldType>();
  const byJsonName = new Map<string, FieldType>();
  for (const field of type.fields) {
    const { number, jsonName } = field;
    const report = (reason: string) => (symbols.place(field.name) ?? type.place).problem(field.name, reason);
    const rival = byNumber.get(number);
    const namesake = byJsonName.get(jsonName);
    if (rival !== undefined) problems.push(report(`has number ${number}, as has "${rival.protoName}"`));
    if (number >= FIRST_RESERVED && number <= LAST_RESERVED)
      problems.push(report(`has number ${number}, which protobuf reserves for itself`));
    if (namesake !== undefined && namesake.name !== field.name) {
      const set = type.field(field.protoName) === field ? 'it can only be set by its proto name' : 'nothing can set it';
      const reason = `has the JSON name "${jsonName}", as has "${namesake.protoName}"; in JSON ${set}`;
      problems.push({ ...report(reason), severity: 'warning' });
    } else {
      byJsonName.set(jsonName, field);
    }
    byNumber.set(number, field);
  }
}

/** An enum needs a value to be the default, and an open one needs that to be zero. */
export function checkEnum(type: LinkedEnum, problems: Problem[]): void {
  const [first] = type.values;
  if (first === undefined) problems.push(type.place.problem(type.name, 'has no values'));
  else if (!type.closed && first.number !== 0)
    problems.push(type.place.problem(first.name, 'must be 0, as the first value of an open enum'));
}
