import { WireWriter } from '../wire/writer.js';
import type { FileDescriptor } from './descriptor.js';
import { type Form, file, type Shape } from './shape.js';

/** Serializes a FileDescriptorProto, fields in ascending order. */
export function writeFileDescriptor(descriptor: FileDescriptor): Uint8Array {
  const out = new WireWriter();
  writeMessage(out, file, descriptor as object as Values);
  return out.finish();
}

type Values = Readonly<Record<string, unknown>>;

function writeMessage(out: WireWriter, shape: Shape, values: Values): void {
  for (const [name, [number, form]] of Object.entries(shape)) {
    const value = values[name];
    if (value !== undefined) writeField(out, number, form, value);
  }
}

function writeField(out: WireWriter, number: number, form: Form, value: unknown): void {
  if (typeof form === 'function') {
    out.nestedField(number, () => writeMessage(out, form(), value as Values));
  } else if (typeof form !== 'string') {
    for (const item of value as Values[]) out.nestedField(number, () => writeMessage(out, form[0](), item));
  } else if (form === 'packed*') {
    writePacked(out, number, value as number[]);
  } else if (form === 'string*' || form === 'int32*') {
    for (const item of value as (string | number)[]) writeScalar(out, number, item);
  } else {
    writeScalar(out, number, value as string | number | boolean | Uint8Array);
  }
}

function writeScalar(out: WireWriter, number: number, value: string | number | boolean | Uint8Array): void {
  if (typeof value === 'string' || value instanceof Uint8Array) out.bytesField(number, value);
  else out.varintField(number, value);
}

function writePacked(out: WireWriter, number: number, values: readonly number[]): void {
  if (values.length === 0) return;
  out.nestedField(number, () => {
    for (const value of values) out.int32(value);
  });
}
