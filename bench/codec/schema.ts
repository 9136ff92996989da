import { readFileSync } from 'node:fs';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import protobuf from 'protobufjs';
import { link } from '../../proto/link.js';
import { printProblem } from '../../proto/problem.js';
import type { Schema } from '../../proto/schema.js';
import { compileProtos } from '../../proto/text/compile.js';
import { WireWriter } from '../../proto/wire/writer.js';

const text = `
  syntax = "proto3";
  package bench;
  message Small { string name = 1; int32 count = 2; }
  enum Genre { GENRE_UNSPECIFIED = 0; GENRE_FICTION = 1; GENRE_SCIENCE = 2; }
  message Author { string name = 1; int32 born_year = 2; }
  message Book {
    string name = 1; string title = 2; string isbn = 3; Author author = 4; Genre genre = 5; int32 page_count = 6; int64 copies_printed = 7;
    double list_price = 8; bool available = 9; repeated string tags = 10; bytes cover_image = 11;
  }
  message Books { repeated Book books = 1; string next_page_token = 2; }
  message Texts { repeated string texts = 1; }
  message Numbers {
    repeated int32 ids = 1; repeated double prices = 2; repeated sint64 deltas = 3; map<string, int32> counts = 4; map<int32, string> labels = 5;
  }`;

/** The same types for each contestant. */
export interface Schemas {
  readonly ours: Schema;
  readonly protobufjs: protobuf.Root;
  readonly bufbuild: ReturnType<typeof createFileRegistry>;
}

export function loadSchemas(): Schemas {
  const compiled = compileProtos([{ name: 'bench.proto', text }], {
    read: (name) => readFileSync(new URL(`../../proto/${name}`, import.meta.url), 'utf8'),
    missing: (name) => `no ${name}`,
  });
  if (!compiled.ok) throw new Error(compiled.problems.map(printProblem).join('\n'));
  const files = compiled.value.map((file) => file.bytes);
  const linked = link([{ origin: 'bench', version: '', files }]);
  if (!linked.ok) throw new Error(linked.problems.map(printProblem).join('\n'));
  const set = new WireWriter();
  for (const file of files) set.bytesField(1, file);
  return {
    ours: linked.value,
    protobufjs: protobuf.parse(text).root,
    bufbuild: createFileRegistry(fromBinary(FileDescriptorSetSchema, set.finish())),
  };
}
