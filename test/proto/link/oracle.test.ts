import protobuf from 'protobufjs';
import 'protobufjs/ext/descriptor.js';
import { test } from 'tap';
import { link } from '../../../proto/link.js';
import type { FieldType } from '../../../proto/schema.js';
import { WireWriter } from '../../../proto/wire/writer.js';
import { compileProtos } from '../../support/schema.js';

const body = (edition: boolean, label = edition ? '' : 'optional') => `
  message M {
    message In { ${label} M up = 1; enum E { Z = 0; } ${label} E e = 2; }
    ${label} int32 a = 1;
    repeated sint64 b = 2;
    map<string, In> c = 3;
    oneof o { string d = 4; In e = 5; }
    repeated string f = 6;
    ${label} In.E g = 7;
    repeated In.E h = 8 ${edition ? '[features.repeated_field_encoding = EXPANDED]' : '[packed = false]'};
    repeated float i = 9 ${edition ? '' : '[packed = true]'};
    ${edition ? 'fixed32 j = 10 [features.field_presence = IMPLICIT]; In k = 11 [features.message_encoding = DELIMITED];' : ''}
  }
  service S { rpc R(M) returns (stream M.In); }`;

const texts = {
  'p2.proto': `syntax = "proto2"; package p2; ${body(false)} message G { optional group Grp = 1 { required int32 x = 1; } }`,
  'p3.proto': `syntax = "proto3"; package p3; ${body(false)} message N { int32 x = 1; M m = 2; bytes y = 3; }`,
  'e23.proto': `edition = "2023"; package e23; ${body(true)}`,
  'e24.proto': `edition = "2024"; package e24; option features.field_presence = IMPLICIT; ${body(true)}`,
};

function ours(field: FieldType): object {
  const type = field.kind === 'map' ? (field.value.kind === 'message' ? field.value.type.name : field.value.kind) : undefined;
  return {
    id: field.number,
    json: field.jsonName,
    map: field.kind === 'map',
    repeated: field.repeated,
    type: type ?? (field.kind === 'message' || field.kind === 'enum' ? field.type.name : field.kind),
    packed: field.packed,
    oneof: field.oneof?.name,
    presence: field.presence,
    required: field.required,
    delimited: field.kind === 'message' && field.delimited,
  };
}

function theirs(field: protobuf.Field): object {
  field.resolve();
  return {
    id: field.id,
    json: field.jsonName,
    map: field.map,
    repeated: field.repeated,
    type: field.resolvedType?.fullName.slice(1) ?? field.type,
    packed: field.repeated && field.packed && (field.resolvedType instanceof protobuf.Enum || field.type in protobuf.types.packed),
    oneof: field.partOf?.isProto3Optional ? undefined : field.partOf?.name,
    // It leaves message fields out, and answers with the oneof of a member.
    presence: field.resolvedType instanceof protobuf.Type ? !field.repeated && !field.map : Boolean(field.hasPresence),
    required: field.required,
    delimited: field.delimited,
  };
}

test('protobufjs understands descriptors the same way', async (t) => {
  const files = compileProtos(texts, 'google/api/client.proto', 'google/rpc/error_details.proto', 'google/protobuf/type.proto');
  const result = link([{ origin: 'test', version: '1', files }]);
  t.ok(result.ok);
  if (!result.ok) return;
  const set = new WireWriter();
  for (const file of files) set.bytesField(1, file);
  const root = protobuf.Root.fromDescriptor(set.finish());
  root.resolveAll();
  let count = 0;
  const visit = (namespace: protobuf.NamespaceBase) => {
    for (const nested of namespace.nestedArray) {
      if (nested instanceof protobuf.Type) {
        const message = result.value.message(nested.fullName.slice(1));
        for (const field of nested.fieldsArray.filter((f) => f.declaringField === null)) {
          const own = message?.field(field.name);
          t.strictSame(own && ours(own), theirs(field), field.fullName);
          count += 1;
        }
      }
      if (nested instanceof protobuf.Namespace) visit(nested);
    }
  };
  visit(root);
  t.ok(count > 300, `${count} fields`);
});
