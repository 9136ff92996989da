import { test } from 'tap';
import { openToAll, restrictionsOf, visibilityFor } from '../../annotations/visibility.js';
import type { MethodType } from '../../proto/schema.js';
import { schemaOf } from '../swagger/sample.js';

const schema = schemaOf({
  'a.proto': `syntax = "proto3"; package a;
  import "google/api/visibility.proto";
  service S {
    option (google.api.api_visibility).restriction = "S";
    rpc Plain(M) returns (M);
    rpc Two(M) returns (M) { option (google.api.method_visibility) = { selector: "x", restriction: " A ,B," }; }
  }
  message M { Hidden hidden = 1; repeated Kind kinds = 2; map<string, Hidden> map = 3; string own = 4 [(google.api.field_visibility).restriction = "F"]; string open = 5; }
  message Hidden { option (google.api.message_visibility).restriction = "M"; }
  enum Kind { option (google.api.enum_visibility).restriction = "E"; ZERO = 0; ONE = 1 [(google.api.value_visibility).restriction = "V"]; }`,
});
const [plain, two] = schema.methods as readonly [MethodType, MethodType];

test('labels stand between commas, spaces aside', (t) => {
  t.strictSame(restrictionsOf(two), ['A', 'B']);
  t.strictSame(restrictionsOf(plain), []);
  t.end();
});

test('an option that is broken opens to nobody, other options to all', (t) => {
  t.strictSame(restrictionsOf({ options: Uint8Array.of(0xfa, 0xff, 0xff, 0xff) }), ['?']);
  t.strictSame(restrictionsOf({ options: Uint8Array.of(0x08, 0x01) }), []);
  t.end();
});

test('a method is visible if its service is, too, and any of its labels is known', (t) => {
  const seen = (labels: readonly string[]) => [plain, two].map(visibilityFor(labels).method);
  t.strictSame(seen([]), [false, false]);
  t.strictSame(seen(['A']), [false, false]);
  t.strictSame(seen(['S']), [true, false]);
  t.strictSame(seen(['S', 'B']), [true, true]);
  t.strictSame([plain, two].map(openToAll.method), [true, true]);
  t.end();
});

test('a field is visible if its type is, too', (t) => {
  const seen = (labels: readonly string[]) =>
    schema
      .message('a.M')
      ?.fields.filter(visibilityFor(labels).field)
      .map(({ protoName }) => protoName);
  t.strictSame(seen([]), ['open']);
  t.strictSame(seen(['M']), ['hidden', 'map', 'open']);
  t.strictSame(seen(['E', 'F']), ['kinds', 'own', 'open']);
  t.end();
});

test('values of an enum have labels of their own', (t) => {
  const seen = (labels: readonly string[]) =>
    schema
      .enum('a.Kind')
      ?.values.filter(visibilityFor(labels).value)
      .map(({ protoName }) => protoName);
  t.strictSame(seen([]), ['ZERO']);
  t.strictSame(seen(['V']), ['ZERO', 'ONE']);
  t.end();
});
