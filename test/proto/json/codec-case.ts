import type { Bound, Codec, ParseContext, ParseOptions, PrintContext, PrintOptions } from '../../../proto/json/codec.js';
import { createCodec } from '../../../proto/json/create.js';
import type { FieldChain, FieldType, MessageType, Schema } from '../../../proto/schema.js';

export const printed: Required<Omit<PrintOptions, 'bytesOfAny'>> = { defaults: false, nulls: false, protoNames: false, int64: 'string' };
export const strict: ParseOptions = { unknown: 'error' };

/** `08 96 01` as bytes; text in single quotes stands for its UTF-8: `0a 01 'A'`. */
export function wire(text: string): Buffer {
  const parts = text.match(/'[^']*'|[0-9a-f]{2}/g) ?? [];
  return Buffer.concat(parts.map((part) => (part.startsWith("'") ? Buffer.from(part.slice(1, -1)) : Buffer.from(part, 'hex'))));
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A codec with its schema, for tests: texts in, texts out. */
export class CodecCase {
  readonly codec: Codec;

  constructor(readonly schema: Schema) {
    this.codec = createCodec(schema);
  }

  type(name: string): MessageType {
    const type = this.schema.message(name);
    if (type === undefined) throw new Error(`no message ${name}`);
    return type;
  }

  /** `chain(type, 'book.title')`; a part in brackets is an extension. */
  chain(name: string, path: string): FieldChain {
    const chain: FieldType[] = [];
    let type: MessageType | undefined = this.type(name);
    for (const part of path === '' ? [] : path.split('.')) {
      const field: FieldType | undefined = type?.field(part);
      if (field === undefined) throw new Error(`no field ${part} in ${path}`);
      chain.push(field);
      type = field.kind === 'message' ? field.type : undefined;
    }
    return chain;
  }

  print(name: string, bytes: Uint8Array, options: Partial<PrintOptions & PrintContext> & { at?: string } = {}): string {
    const { defaults, nulls, protoNames, int64 } = { ...printed, ...options };
    const sink = this.codec.createSink();
    const print = this.codec.printer(this.type(name), this.chain(name, options.at ?? ''), { defaults, nulls, protoNames, int64 });
    print(bytes, sink, { pretty: options.pretty ?? false, enumNumbers: options.enumNumbers ?? false, fields: options.fields });
    return Buffer.from(sink.take()).toString();
  }

  /** Parses to hexadecimal wire bytes. */
  parse(name: string, json: string | Uint8Array, options: Partial<ParseOptions & ParseContext> & { at?: string } = {}): string {
    const sink = this.codec.createSink();
    const parse = this.codec.parser(this.type(name), this.chain(name, options.at ?? ''), { unknown: options.unknown ?? 'error' });
    const bytes = typeof json === 'string' ? Buffer.from(json) : json;
    parse(bytes, sink, { bound: options.bound ?? [], conflict: options.conflict ?? 'error', mask: options.mask });
    return hex(sink.take());
  }

  scalar(name: string, path: string, text: string, options = strict): string {
    const sink = this.codec.createSink();
    this.codec.scalar(this.chain(name, path), options)(text, sink);
    return hex(sink.take());
  }

  bound(name: string, path: string, text: string): Bound {
    return { chain: this.chain(name, path), wire: wire(this.scalar(name, path, text)) };
  }
}
