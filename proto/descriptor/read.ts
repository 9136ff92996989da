import { WireFormatError, WireReader } from '../wire/reader.js';
import { LENGTH, MAX_DEPTH } from '../wire/wire.js';
import type { FileDescriptor, SourceCodeInfo } from './descriptor.js';
import { type Form, file, type Shape } from './shape.js';

/** Reads a serialized FileDescriptorProto. Throws {@link WireFormatError}. */
export function readFileDescriptor(bytes: Uint8Array): FileDescriptor {
  return readMessage(shapeTable(file), new WireReader(bytes), 0) as object as FileDescriptor;
}

/** {@link readFileDescriptor} without source_code_info, which is most of the bytes and only wanted for comments and positions. */
export function readFileWithoutSource(bytes: Uint8Array): FileDescriptor {
  return readMessage(shapeTable(withoutSource), new WireReader(bytes), 0) as object as FileDescriptor;
}

/** Only source_code_info of a serialized FileDescriptorProto. Throws {@link WireFormatError}. */
export function readSourceCodeInfo(bytes: Uint8Array): SourceCodeInfo | undefined {
  const { sourceCodeInfo } = readMessage(shapeTable(sourceOnly), new WireReader(bytes), 0);
  return sourceCodeInfo as SourceCodeInfo | undefined;
}

/** The files of a serialized FileDescriptorSet, each still serialized (views). Throws {@link WireFormatError}. */
export function splitFileDescriptorSet(bytes: Uint8Array): Uint8Array[] {
  const files: Uint8Array[] = [];
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    if (tag === ((1 << 3) | LENGTH)) files.push(reader.view());
    else reader.skip(tag);
  }
  return files;
}

const sourceOnly: Shape = Object.fromEntries(Object.entries(file).filter(([name]) => name === 'sourceCodeInfo'));
const withoutSource: Shape = Object.fromEntries(Object.entries(file).filter(([name]) => name !== 'sourceCodeInfo'));

type Values = Record<string, unknown>;
interface Table {
  readonly repeated: readonly string[];
  readonly byNumber: ReadonlyMap<number, readonly [name: string, form: Form]>;
}

const tables = new WeakMap<Shape, Table>();

function shapeTable(shape: Shape): Table {
  const known = tables.get(shape);
  if (known !== undefined) return known;
  const entries = Object.entries(shape);
  const table: Table = {
    repeated: entries.filter(([, [, form]]) => isRepeated(form)).map(([name]) => name),
    byNumber: new Map(entries.map(([name, [number, form]]) => [number, [name, form]])),
  };
  tables.set(shape, table);
  return table;
}

function isRepeated(form: Form): boolean {
  return typeof form === 'object' || (typeof form === 'string' && form.endsWith('*'));
}

function readMessage(table: Table, reader: WireReader, depth: number): Values {
  if (depth > MAX_DEPTH) throw new WireFormatError('descriptors nested too deep');
  const values: Values = {};
  for (const name of table.repeated) values[name] = [];
  while (!reader.done) {
    const tag = reader.tag();
    const known = table.byNumber.get(tag >>> 3);
    if (known === undefined) reader.skip(tag);
    else readField(values, known[0], known[1], tag & 7, reader, depth);
  }
  return values;
}

function readField(values: Values, name: string, form: Form, wireType: number, reader: WireReader, depth: number): void {
  const isVarint = form === 'int32' || form === 'bool' || form === 'int32*' || form === 'packed*';
  if (wireType !== (isVarint ? 0 : LENGTH) && !(isVarint && isRepeated(form) && wireType === LENGTH)) {
    throw new WireFormatError(`wrong wire type for ${name}`);
  }
  const message = () =>
    readMessage(
      shapeTable(typeof form === 'function' ? form() : (form as readonly [() => Shape])[0]()),
      new WireReader(reader.view()),
      depth + 1,
    );
  if (typeof form === 'function') values[name] = message();
  else if (typeof form !== 'string') (values[name] as unknown[]).push(message());
  else if (form === 'string*') (values[name] as string[]).push(reader.string());
  else if (form === 'int32*' || form === 'packed*') readInts(values[name] as number[], wireType, reader);
  else if (form === 'string') values[name] = reader.string();
  else if (form === 'bool') values[name] = reader.bool();
  else if (form === 'int32') values[name] = reader.int32();
  else values[name] = joined(values[name] as Uint8Array | undefined, reader.view());
}

function readInts(into: number[], wireType: number, reader: WireReader): void {
  if (wireType !== LENGTH) {
    into.push(reader.int32());
    return;
  }
  for (const packed = new WireReader(reader.view()); !packed.done; ) into.push(packed.int32());
}

/** Options that appear twice are merged, and merging wire bytes is joining them. */
function joined(before: Uint8Array | undefined, bytes: Uint8Array): Uint8Array {
  if (before === undefined) return bytes;
  const both = new Uint8Array(before.length + bytes.length);
  both.set(before);
  both.set(bytes, before.length);
  return both;
}
