import { test } from 'tap';
import { compileApi } from '../../../gateway/api/api.js';
import { parseConfig } from '../../../gateway/config/config.js';
import { link } from '../../../proto/link.js';
import { finish } from '../../../proto/steps.js';
import { compileProtos } from '../../support/schema.js';

const files = compileProtos({
  'a.proto': `syntax = "proto3"; package a;
import "google/api/visibility.proto";
message M {}
service Inner { option (google.api.api_visibility).restriction = "INTERNAL"; rpc Do(M) returns (M); }
service Open { rpc Do(M) returns (M); }`,
});
const offer = { by: 'books', services: ['a.Inner', 'a.Open'] };

/** What is said of services that a server offers without rules. */
function warned(policies: object[]): readonly string[] {
  const schema = link([{ origin: 'server', version: '', files, offer }]);
  const config = parseConfig({ upstreams: { books: { target: 'localhost:1', reflection: true } }, policies });
  if (!schema.ok || !config.ok) throw new Error('not loaded');
  const api = finish(compileApi({ schema: schema.value, files: [], rules: [] }, config.value));
  return (api.ok ? api.warnings : api.problems).map(({ subject }) => subject);
}

test('of a service that a server offers without rules, and that policies hide, nothing is said', (t) => {
  t.strictSame(warned([]), ['a.Inner', 'a.Open']);
  t.strictSame(warned([{ select: '*', visibility: [] }]), ['a.Open']);
  t.strictSame(warned([{ select: '*', visibility: ['INTERNAL'] }]), ['a.Inner', 'a.Open']);
  t.strictSame(warned([{ select: 'a.Open.*', expose: false }]), ['a.Inner']);
  t.end();
});
