import { connect, constants } from 'node:http2';
import { Duplex } from 'node:stream';
import { test } from 'tap';
import { isMetadataName, isOfCall, isReserved, isSingular, neverPasses } from '../../../gateway/exchange/header-names.js';

test('what node:http2 refuses to send twice, or at all, is singular or of the call', (t) => {
  const nowhere = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const session = connect('http://localhost', { createConnection: () => nowhere });
  session.on('error', () => {});
  t.teardown(() => session.destroy());
  const names = Object.entries(constants).flatMap(([key, value]) => (key.startsWith('HTTP2_HEADER_') ? [String(value)] : []));
  const refused = names.filter((name) => {
    if (name.startsWith(':')) return false;
    try {
      session.request({ ':path': '/', [name]: ['a', 'b'] }).on('error', () => {});
      return false;
    } catch {
      return true;
    }
  });
  t.ok(refused.includes('authorization') && refused.includes('http2-settings'));
  t.strictSame(
    refused.filter((name) => !isSingular(name) && !isOfCall(name)),
    [],
  );
  t.end();
});

test('requests set nothing of the connection, the call, the gateway or a proxy; replies may say what they bring', (t) => {
  const rows: readonly (readonly [name: string, request: boolean, reply: boolean])[] = [
    ['user-agent', true, false],
    ['http2-settings', true, true],
    ['te', true, true],
    ['host', true, true],
    ['grpc-anything', true, true],
    ['x-forwarded-for', true, true],
    ['proxy-authorization', true, true],
    ['transfer-encoding', true, true],
    ['content-type', true, true],
    ['content-length', true, true],
    ['content-encoding', true, true],
    ['content-transfer-encoding', true, true],
    ['content-disposition', true, false],
    ['content-language', true, false],
    ['content-range', true, false],
    ['content-security-policy', true, false],
    ['authorization', false, false],
    ['x-tenant', false, false],
  ];
  for (const [name, request, reply] of rows) t.strictSame([isReserved(name, 'request'), isReserved(name, 'reply')], [request, reply], name);
  t.end();
});

test('a setting never passes anything if all that it stands for is reserved', (t) => {
  const rows: readonly (readonly [setting: string, request: boolean, reply: boolean])[] = [
    ['content-*', true, false],
    ['content-l*', true, false],
    ['con*', false, false],
    ['grpc-x*', true, true],
    ['x-*', false, false],
    ['x-forwarded-*', true, true],
    ['*', false, false],
    ['te', true, true],
    ['te*', false, false],
  ];
  for (const [setting, request, reply] of rows)
    t.strictSame([neverPasses(setting, 'request'), neverPasses(setting, 'reply')], [request, reply], setting);
  t.end();
});

test('metadata names are lower-case letters, digits, "_", "-" and "."', (t) => {
  t.strictSame(['x-a_b.c9', 'X-A', '', "x'y", 'x~', ':path', 'caf\u00e9'].map(isMetadataName), [
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  t.end();
});
