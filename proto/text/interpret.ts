import { OPTIONS_FIELD, OPTIONS_MESSAGE, type OptionHolder, qualify } from './element.js';
import { encodeMessage } from './encode-message.js';
import { type AnyField, featuresOfFile, traitsOf } from './field-traits.js';
import type { LoadedFile } from './loaded-file.js';
import { MessageValue } from './message-value.js';
import { type NamePart, printOptionName, type RawOption } from './option.js';
import { type OptionPaths, pathKey } from './option-paths.js';
import { isMisfit, scalarValue } from './scalar-value.js';
import type { Symbols } from './symbols.js';
import { fillMessage, LackingName, OptionFault } from './text-message.js';
import { fieldOf, messageOf } from './type-of.js';

/** An element with options, and what they come to. */
interface Interpretation {
  readonly element: { options?: Uint8Array };
  readonly raw: readonly RawOption[];
  /** Full name around which the names of extensions are looked up. */
  readonly scope: string;
  /** Of the options. */
  readonly path: readonly number[];
  readonly value: MessageValue;
}

/**
 * Gives all options of a file their meaning: `options` of each element becomes bytes. Options of descriptor.proto itself (features, packed)
 * come first, since they can change what custom options mean that are defined in the same file.
 */
export class Interpreter {
  readonly #file: LoadedFile;
  /** Has google.protobuf.FileOptions and so on for files that do not know them. */
  readonly #standard: Symbols;
  readonly #paths: OptionPaths;
  readonly #isDispensable: (option: string) => boolean;
  readonly #counts = new Map<string, number>();

  constructor(file: LoadedFile, standard: Symbols, paths: OptionPaths, isDispensable: (option: string) => boolean) {
    this.#file = file;
    this.#standard = standard;
    this.#paths = paths;
    this.#isDispensable = isDispensable;
  }

  /** The options of each part of the descriptor that has some, with those for compilers only. */
  run(): ReadonlyMap<object, MessageValue> {
    const all = this.#collect();
    for (const each of all) {
      this.#interpret(each, false);
      each.element.options = encodeMessage(each.value, true);
    }
    this.#file.features = featuresOfFile(this.#file);
    for (const each of all) this.#interpret(each, true);
    for (const each of all) stripOptions(each, this.#paths.dropped);
    return new Map(all.map(({ element, value }) => [element, value]));
  }

  #collect(): Interpretation[] {
    const file = this.#file;
    const all: Interpretation[] = [];
    const add = (node: { options?: Uint8Array }, kind: OptionHolder, name: string, path: readonly number[]) => {
      const raw = file.options.get(node);
      if (raw === undefined) return;
      const fullName = `google.protobuf.${OPTIONS_MESSAGE[kind]}`;
      const type = file.symbols.get(fullName) ?? this.#standard.get(fullName);
      if (type?.kind !== 'message') {
        file.problem(path, fullName, 'is not defined by the google/protobuf/descriptor.proto in use; use a newer one');
        return;
      }
      all.push({ element: node, raw, scope: name, path: path.concat(OPTIONS_FIELD[kind]), value: new MessageValue(type) });
    };
    add(file.descriptor, 'file', qualify(file.package, 'file'), []);
    for (const { kind, node, name, path } of file.elements) add(node, kind, name, path);
    return all;
  }

  #interpret(of: Interpretation, extensions: boolean): void {
    for (const [index, raw] of of.raw.entries()) {
      if (raw.name[0]?.isExtension !== extensions) continue;
      try {
        this.#interpretOne(of, raw, index);
      } catch (error) {
        if (!(error instanceof OptionFault)) throw error;
        if (error instanceof LackingName && this.#omit(of, raw, index)) continue;
        this.#file.problemAt(error.at ?? raw.valueAt, `option ${printOptionName(raw.name)}`, error.message);
      }
    }
  }

  /** Leaves an option out that needs what an absent import may have. */
  #omit({ path }: Interpretation, raw: RawOption, index: number): boolean {
    const file = this.#file;
    const name = (raw.name[0]?.name ?? '').replace(/^\./, '');
    if (file.absent.length === 0 || !raw.name[0]?.isExtension) return false;
    if (this.#isDispensable(name)) file.omitted.add(name);
    else file.lacksNames = true;
    this.#paths.dropped.add(pathKey(path.concat(999, index)));
    return true;
  }

  #interpretOne(of: Interpretation, raw: RawOption, index: number): void {
    let target = of.value;
    const path = [...of.path];
    for (const [i, part] of raw.name.entries()) {
      const field = this.#field(target, part, of.scope, raw);
      if (field.file === this.#file && raw.name[0]?.name === 'features' && !raw.name[0].isExtension) {
        throw new OptionFault('a feature cannot be used in the file that defines it', raw.at);
      }
      path.push(field.node.number ?? 0);
      if (i === raw.name.length - 1) {
        if (traitsOf(field).repeated) path.push(this.#count(path));
        this.#set(target, field, raw);
      } else {
        const type = messageOf(field);
        if (type === undefined) throw new OptionFault(`${field.name} is no message and has no field ${raw.name[i + 1]?.name}`, raw.at);
        if (traitsOf(field).repeated) throw new OptionFault(`${field.name} is repeated; write its value in braces`, raw.at);
        target = target.message(field, type);
      }
    }
    this.#paths.placed.set(pathKey(of.path.concat(999, index)), path);
  }

  #count(path: readonly number[]): number {
    const key = pathKey(path);
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    return count;
  }

  #field(target: MessageValue, part: NamePart, scope: string, raw: RawOption): AnyField {
    const { at } = raw;
    if (part.name === 'uninterpreted_option') throw new OptionFault('this name is reserved', at);
    if (!part.isExtension) {
      const found = fieldOf(target.type, part.name);
      if (found !== undefined) return found;
      throw new OptionFault(`${target.type.name} has no field ${part.name}`, at);
    }
    const found = this.#file.symbols.resolve(part.name, scope, this.#file, 'any', this.#file.visibleToOptions);
    if (found.kind === 'unknown') {
      if (found.definedIn !== undefined) {
        throw new LackingName(`(${part.name}) is defined in ${found.definedIn.name}, which ${this.#file.name} does not import`, at);
      }
      if (found.takenFor !== undefined) {
        throw new LackingName(
          `(${part.name}) is taken for ${found.takenFor}, which is not defined: the innermost scope is searched first. Write (.${part.name})`,
          at,
        );
      }
      throw new LackingName(`(${part.name}) is not defined; import the file that defines this option`, at);
    }
    if (found.kind !== 'extension') throw new OptionFault(`(${part.name}) is not an extension`, at);
    if (found.node.extendee !== `.${target.type.name}`) {
      throw new OptionFault(`(${part.name}) extends ${found.node.extendee?.slice(1)}, not ${target.type.name}`, at);
    }
    return found;
  }

  #set(target: MessageValue, field: AnyField, raw: RawOption): void {
    if (!traitsOf(field).repeated && target.has(field)) throw new OptionFault('this option is already set', raw.at);
    const { value } = raw;
    const type = messageOf(field);
    if (type !== undefined) {
      if (value.kind !== 'aggregate')
        throw new OptionFault(`${field.name} is a message: write its value in braces, or name one of its fields`);
      const message = new MessageValue(type);
      fillMessage(message, value.fields, this.#file);
      target.put(field, message);
      return;
    }
    if (value.kind === 'aggregate') throw new OptionFault(`${field.name} is not a message, a value in braces makes no sense`);
    const scalar = scalarValue(field, value, false);
    if (isMisfit(scalar)) throw new OptionFault(scalar.misfit);
    target.put(field, scalar);
  }
}

/** What is for compilers only is left out, and so are options that come to nothing then. */
function stripOptions({ element, value, path }: Interpretation, dropped: Set<string>): void {
  dropSourceOnly(value, path, dropped);
  const bytes = encodeMessage(value, false);
  if (bytes.length > 0) {
    element.options = bytes;
  } else {
    delete element.options;
    dropped.add(pathKey(path));
  }
}

function dropSourceOnly(message: MessageValue, path: readonly number[], dropped: Set<string>): void {
  for (const [field, [value]] of message.fields) {
    const { sourceOnly, repeated } = traitsOf(field);
    const fieldPath = path.concat(field.node.number ?? 0);
    if (sourceOnly) dropped.add(pathKey(fieldPath));
    else if (!repeated && value instanceof MessageValue) dropSourceOnly(value, fieldPath, dropped);
  }
}
