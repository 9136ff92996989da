import { test } from 'tap';
import { parseConfig } from '../../../gateway/config/config.js';

for (const [origin, reason] of [
  ['https://app.example.com', undefined],
  ['http://localhost:3000', undefined],
  ['http://[::1]:3000', undefined],
  ['capacitor://localhost', undefined],
  ['chrome-extension://abcdefghijklmnop', undefined],
  ['https://app.example.com:443', 'browsers write this origin as https://app.example.com'],
  ['https://App.example.com', 'browsers write this origin as https://app.example.com'],
  ['https://a b', 'expected an origin as browsers write it, such as https://app.example.com, got "https://a b"'],
  ['https://app.example.com/', 'expected an origin as browsers write it, such as https://app.example.com, got "https://app.example.com/"'],
  ['app.example.com', 'expected an origin as browsers write it, such as https://app.example.com, got "app.example.com"'],
  ['null', 'expected an origin as browsers write it, such as https://app.example.com, got "null"'],
  ['https://app.example.com:x', '"https://app.example.com:x" is no origin'],
] as const) {
  test(`cors.origins: ${origin} is ${reason === undefined ? 'taken' : 'refused'}`, async (t) => {
    const parsed = parseConfig({ cors: { origins: [origin] } });
    const problems = parsed.ok ? [] : parsed.problems.map((p) => `${p.subject}: ${p.reason}`);
    t.strictSame(problems, reason === undefined ? [] : [`cors.origins[0]: ${reason}`]);
  });
}

test('names of admin.hosts are compared in lower case and have no port', async (t) => {
  const admin = (hosts: readonly string[]) => parseConfig({ admin: { listen: '127.0.0.1:9000', hosts } });
  t.match(admin(['Metrics.Internal', 'gateway_1']), { ok: true, value: { admin: { hosts: ['metrics.internal', 'gateway_1'] } } });
  t.match(admin([]), { ok: true, value: { admin: { listen: '127.0.0.1:9000', hosts: [] } } });
  for (const host of ['gateway:9000', '*', '.internal', 'a/b']) t.match(admin([host]), { ok: false }, host);
});
