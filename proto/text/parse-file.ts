import type { FileDescriptor, SourceLocation } from '../descriptor/descriptor.js';
import type { Problem } from '../problem.js';
import { EDITION_2024, EDITION_PROTO2, EDITION_PROTO3, EDITIONS } from './editions.js';
import type { RawOption } from './option.js';
import { parseEnum } from './parse-enum.js';
import { nestIn, parseExtend, parseNested } from './parse-message.js';
import { parseOption } from './parse-option.js';
import { parseService } from './parse-service.js';
import { Parser } from './parser.js';
import { emptyEnum, parseVisibility } from './visibility.js';

/** Numbers of FileDescriptorProto's fields. */
const FILE = {
  package: 2,
  dependency: 3,
  message: 4,
  enum: 5,
  service: 6,
  extension: 7,
  options: 8,
  publicDependency: 10,
  weakDependency: 11,
  syntax: 12,
  optionDependency: 15,
} as const;

/** A file as its text alone says: type names are as written, options have no bytes yet. */
export interface ParsedFile {
  readonly name: string;
  readonly descriptor: FileDescriptor;
  /** google.protobuf.Edition: of proto2 and proto3 too. */
  readonly edition: number;
  readonly locations: readonly SourceLocation[];
  /** By the part of the descriptor that has them: a field, a method. */
  readonly options: ReadonlyMap<object, readonly RawOption[]>;
  readonly problems: readonly Problem[];
}

/** Parses the text of one file. `name` is the import name, for the descriptor and for problems. */
export function parseFile(name: string, text: string): ParsedFile {
  const p = new Parser(name, text);
  const file: FileDescriptor = {
    name,
    dependency: [],
    publicDependency: [],
    weakDependency: [],
    optionDependency: [],
    messageType: [],
    enumType: [],
    service: [],
    extension: [],
  };
  p.readAll(() => {
    const root = p.open([]);
    if (parseSyntax(p)) parseStatements(p, file);
    p.close(root);
  });
  if (p.syntax !== 'proto2') file.syntax = p.syntax;
  if (p.edition !== 0) file.edition = p.edition;
  const edition = p.edition || (p.syntax === 'proto3' ? EDITION_PROTO3 : EDITION_PROTO2);
  return { name, descriptor: file, edition, locations: p.locations, options: p.options, problems: p.problems };
}

/** `syntax = "proto3";` or `edition = "2023";`. False: the language is unknown, reading on makes no sense. */
function parseSyntax(p: Parser): boolean {
  if (!p.at('syntax') && !p.at('edition')) return true;
  const location = p.open([FILE.syntax]);
  const isEdition = p.at('edition');
  p.next();
  p.expect('=');
  const token = p.current;
  const text = p.text('the syntax or edition in quotes');
  p.expectEnd(';', location);
  p.close(location);
  const edition = EDITIONS.get(text);
  if (isEdition && edition !== undefined) {
    p.syntax = 'editions';
    p.edition = edition;
  } else if (!isEdition && (text === 'proto2' || text === 'proto3')) {
    p.syntax = text;
  } else {
    const known = isEdition ? [...EDITIONS.keys()].join(', ') : 'proto2, proto3';
    p.report('', `unknown ${isEdition ? 'edition' : 'syntax'} "${text}"; known are ${known}`, token);
    return false;
  }
  return true;
}

function parseStatements(p: Parser, file: FileDescriptor): void {
  while (!p.atEnd) {
    p.recover(() => parseStatement(p, file));
    if (!p.at('}')) continue;
    p.report('', 'a "}" that closes nothing');
    while (p.acceptEnd('}', undefined));
  }
}

function parseStatement(p: Parser, file: FileDescriptor): void {
  if (p.acceptEnd(';', undefined)) return;
  const visibility = parseVisibility(p);
  if (p.at('message')) {
    parseNested(p, file.messageType, [FILE.message], visibility, 1);
  } else if (p.at('enum')) {
    const location = p.open([FILE.enum, file.enumType.length]);
    const enumeration = emptyEnum(visibility);
    file.enumType.push(enumeration);
    parseEnum(p, enumeration, location);
  } else if (p.at('service')) {
    const location = p.open([FILE.service, file.service.length]);
    const service = { method: [] };
    file.service.push(service);
    parseService(p, service, location);
  } else if (p.at('extend')) {
    parseExtend(p, file.extension, [FILE.extension], nestIn(p, file.messageType, [FILE.message], 0));
  } else if (p.at('import')) {
    parseImport(p, file);
  } else if (p.at('package')) {
    parsePackage(p, file);
  } else if (p.at('option')) {
    p.located([FILE.options], () => parseOption(p, file, [FILE.options], 'statement'));
  } else {
    p.fail('expected message, enum, service, extend, import, package or option');
  }
}

function parsePackage(p: Parser, file: FileDescriptor): void {
  if (file.package !== undefined) p.report(file.package, 'a second package');
  const location = p.open([FILE.package]);
  p.expect('package');
  file.package = p.dottedName('the name of the package', false);
  p.expectEnd(';', location);
  p.close(location);
}

/** `import "a.proto";`, `import public ...`, `import weak ...`, `import option ...` */
function parseImport(p: Parser, file: FileDescriptor): void {
  const start = p.current;
  p.expect('import');
  const isOption = p.at('option');
  if (isOption && p.edition < EDITION_2024) p.report('', '"import option" exists since edition 2024');
  if (!isOption && file.optionDependency.length > 0) p.report('', 'imports must stand before all "import option"');
  const list = isOption ? file.optionDependency : file.dependency;
  const location = p.open([isOption ? FILE.optionDependency : FILE.dependency, list.length], start);
  if (isOption) p.next();
  else parseImportKind(p, file);
  list.push(p.text('the name of a file in quotes'));
  p.expectEnd(';', location);
  p.close(location);
}

function parseImportKind(p: Parser, file: FileDescriptor): void {
  if (p.at('weak') && p.edition >= EDITION_2024) p.report('', 'there is no "import weak" since edition 2024; use "import option"');
  const kinds = [
    ['public', file.publicDependency, FILE.publicDependency],
    ['weak', file.weakDependency, FILE.weakDependency],
  ] as const;
  for (const [word, list, number] of kinds) {
    if (!p.at(word)) continue;
    p.located([number, list.length], () => p.next());
    list.push(file.dependency.length);
    return;
  }
}
