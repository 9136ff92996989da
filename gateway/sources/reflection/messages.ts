import { WireFormatError, WireReader } from '../../../proto/wire/reader.js';
import { LENGTH, VARINT } from '../../../proto/wire/wire.js';
import { WireWriter } from '../../../proto/wire/writer.js';

/** What a ServerReflectionRequest asks for (https://github.com/grpc/grpc/blob/master/doc/server-reflection.md). */
export type Question =
  | { readonly kind: 'services' }
  /** The file that declares a symbol, by full name. */
  | { readonly kind: 'symbol'; readonly name: string }
  /** The file with that import name. */
  | { readonly kind: 'file'; readonly name: string }
  /** The numbers of all extensions of a message. */
  | { readonly kind: 'extensions'; readonly of: string }
  /** The file that declares an extension. */
  | { readonly kind: 'extension'; readonly of: string; readonly number: number };

/** What a ServerReflectionResponse says. */
export type Answer =
  /** Serialized FileDescriptorProtos: the one that was asked for and perhaps what it imports. */
  | { readonly kind: 'files'; readonly files: readonly Uint8Array[] }
  | { readonly kind: 'services'; readonly names: readonly string[] }
  | { readonly kind: 'numbers'; readonly numbers: readonly number[] }
  /** `code` is a google.rpc.Code; NOT_FOUND: there is no such thing. */
  | { readonly kind: 'error'; readonly code: number; readonly message: string };

/** A serialized ServerReflectionRequest; v1 and v1alpha are the same on the wire. */
export function printQuestion(question: Question): Uint8Array {
  const out = new WireWriter();
  switch (question.kind) {
    case 'file':
      return out.bytesField(3, question.name).finish();
    case 'symbol':
      return out.bytesField(4, question.name).finish();
    case 'extension':
      return out.nestedField(5, () => out.bytesField(1, question.of).varintField(2, question.number)).finish();
    case 'extensions':
      return out.bytesField(6, question.of).finish();
    case 'services':
      return out.bytesField(7, '*').finish();
  }
}

/** Reads a ServerReflectionResponse. What it answers is copied from `bytes`. Throws `WireFormatError`. */
export function parseAnswer(bytes: Uint8Array): Answer {
  let answer: Answer | undefined;
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    if (tag === field(4)) answer = { kind: 'files', files: repeated(reader.view(), field(1), copyIn) };
    else if (tag === field(5)) answer = { kind: 'numbers', numbers: parseNumbers(reader.view()) };
    else if (tag === field(6)) answer = { kind: 'services', names: repeated(reader.view(), field(1), (at) => nameIn(at.view())) };
    else if (tag === field(7)) answer = parseError(reader.view());
    else reader.skip(tag);
  }
  if (answer === undefined) throw new WireFormatError('an answer without content');
  return answer;
}

const field = (number: number, wireType = LENGTH) => (number << 3) | wireType;

function repeated<T>(bytes: Uint8Array, wanted: number, read: (reader: WireReader) => T): T[] {
  const values: T[] = [];
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    if (tag === wanted) values.push(read(reader));
    else reader.skip(tag);
  }
  return values;
}

/** A copy also where the bytes are a Buffer, whose own `slice` is a view. */
function copyIn(reader: WireReader): Uint8Array {
  return Uint8Array.prototype.slice.call(reader.view());
}

/** ServiceResponse: the name is its only field. */
function nameIn(bytes: Uint8Array): string {
  return repeated(bytes, field(1), (reader) => reader.string()).at(-1) ?? '';
}

/** ExtensionNumberResponse: packed or not. */
function parseNumbers(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    if (tag === field(2, VARINT)) numbers.push(reader.int32());
    else if (tag === field(2)) for (const packed = new WireReader(reader.view()); !packed.done; ) numbers.push(packed.int32());
    else reader.skip(tag);
  }
  return numbers;
}

function parseError(bytes: Uint8Array): Answer {
  let code = 2;
  let message = '';
  for (const reader = new WireReader(bytes); !reader.done; ) {
    const tag = reader.tag();
    if (tag === field(1, VARINT)) code = reader.int32();
    else if (tag === field(2)) message = reader.string();
    else reader.skip(tag);
  }
  return { kind: 'error', code, message };
}
