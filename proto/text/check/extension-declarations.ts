import type { ExtensionRange } from '../../descriptor/descriptor.js';
import type { ExtensionElement, RangeElement } from '../element.js';
import { FIELD_TYPES, LABEL } from '../field-types.js';
import { MessageValue } from '../message-value.js';
import type { Declaration, RangeDeclarations } from '../range-declarations.js';
import { typeNamed } from '../type-of.js';
import type { Checker } from './checker.js';

/** ExtensionRangeOptions.VerificationState. */
const DECLARATION = 0n;
const UNVERIFIED = 1n;
const EXTENDEE = 2;

const NOTHING_DECLARED: RangeDeclarations = { declarations: [], verification: undefined };

const utf8 = new TextDecoder();

/** What each extension range of a file says of its extensions. */
export function rangeDeclarationsOf({ file, options }: Checker): ReadonlyMap<ExtensionRange, RangeDeclarations> {
  const byRange = new Map<ExtensionRange, RangeDeclarations>();
  for (const { kind, node } of file.elements) {
    const value = kind === 'range' ? options.get(node) : undefined;
    if (kind === 'range' && value !== undefined) byRange.set(node, readDeclarations(value));
  }
  return byRange;
}

function readDeclarations(options: MessageValue): RangeDeclarations {
  const state = options.get('verification');
  return {
    declarations: declarationsOf(options),
    verification: state === DECLARATION ? 'declaration' : state === UNVERIFIED ? 'unverified' : undefined,
  };
}

function declarationsOf(options: MessageValue): Declaration[] {
  return options.list('declaration').flatMap((each) => {
    if (!(each instanceof MessageValue)) return [];
    const text = (name: string) => {
      const value = each.get(name);
      return value instanceof Uint8Array ? utf8.decode(value) : undefined;
    };
    const number = Number(each.get('number') ?? 0n);
    return [
      {
        number,
        fullName: text('full_name'),
        type: text('type'),
        reserved: each.get('reserved') === true,
        repeated: each.get('repeated') === true,
      },
    ];
  });
}

/** The declarations of an extension range are sound. */
export function checkDeclarations(checker: Checker, range: RangeElement): void {
  const { declarations, verification } = checker.file.rangeDeclarations.get(range.node) ?? NOTHING_DECLARED;
  if (declarations.length === 0) return;
  const report = (reason: string) => checker.report(range, reason, 3);
  if (verification === 'unverified') report('a range that declares extensions cannot be UNVERIFIED');
  const { start = 0, end = 0 } = range.node;
  const seen = new Set<number | string>();
  for (const { number, fullName, type, reserved } of declarations) {
    if (number < start || number >= end) report(`declares number ${number}, which is not in the range`);
    if (seen.has(number)) report(`declares number ${number} twice`);
    seen.add(number);
    const isWhole = fullName !== undefined && type !== undefined;
    if (!isWhole && !(reserved && fullName === type)) report(`the declaration of ${number} needs full_name and type`);
    if (!isWhole) continue;
    if (seen.has(fullName)) report(`declares ${fullName} twice`);
    seen.add(fullName);
    for (const name of [fullName, type]) {
      if (!isAbsoluteName(name) && !(name === type && isScalarName(name))) report(`${name} must be a full name with a leading dot`);
    }
  }
}

function isAbsoluteName(name: string): boolean {
  return /^(?:\.[A-Za-z_][A-Za-z0-9_]*)+$/.test(name);
}

function isScalarName(type: string): boolean {
  return type === 'enum' || (type !== 'group' && FIELD_TYPES.has(type));
}

/** An extension is what its range declares, if that declares any or verifies them. */
export function checkDeclared(checker: Checker, extension: ExtensionElement): void {
  const { node } = extension;
  const { extendee = '', number = 0 } = node;
  const message = typeNamed(checker.file, extendee);
  if (message?.kind !== 'message') return;
  const range = message.node.extensionRange.find(({ start = 0, end = 0 }) => number >= start && number < end);
  const declaredThere = range === undefined ? undefined : message.file.rangeDeclarations.get(range);
  if (declaredThere === undefined) return;
  const { declarations, verification } = declaredThere;
  const declared = declarations.find((each) => each.number === number);
  const report = (reason: string) => checker.report(extension, reason, EXTENDEE);
  if (declared === undefined) {
    const mustBe = declarations.length > 0 || verification === 'declaration';
    if (mustBe) report(`the extension range of ${message.name} does not declare number ${number}, as it must`);
    return;
  }
  if (declared.reserved) {
    report(`number ${number} is reserved in the extension range of ${message.name}`);
    return;
  }
  const { fullName = '', type = '', repeated } = declared;
  if (fullName !== '' && fullName !== `.${extension.name}`) report(`number ${number} is declared for ${fullName}`);
  const ownType = node.typeName ?? [...FIELD_TYPES].find(([, each]) => each === node.type)?.[0] ?? '';
  if (type !== '' && type !== ownType) report(`is declared with type ${type}, not ${ownType}`);
  if (repeated !== (node.label === LABEL.repeated)) report(`is declared ${repeated ? 'repeated' : 'singular'}`);
}
