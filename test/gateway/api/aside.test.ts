import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { createGateway } from '../../../gateway/index.js';
import { protoOf } from './many-routes.js';

/** Enough for a thread. */
const services = 24;

test('what is large is loaded in a thread, and serves or is refused as it would be without', async (t) => {
  const dir = t.testdir({ 'many.proto': protoOf(services), 'more.proto': 'syntax = "proto3";' });
  const gateway = await createGateway({
    sources: { protos: [dir], watch: false },
    upstreams: { default: { target: 'localhost:1' } },
    log: { level: 'silent' },
  });
  t.teardown(() => gateway.close(0));
  const reload = async (more: string) => {
    writeFileSync(join(dir, 'more.proto'), more);
    return gateway.reload('test');
  };
  t.equal(gateway.current.table.bindings.length, services * 5);
  t.match(await reload(protoOf(1, 2)), { ok: true, value: 1 });
  t.equal(gateway.current.table.bindings.length, services * 5 + 5);
  const { app } = gateway.current;
  t.equal((await app.inject('/v2/projects/1/things0/1?nothing=1')).statusCode, 400, 'the new routes are there, with their codecs');
  const broken: readonly (readonly [proto: string, problem: object])[] = [
    ['syntax = "proto3"; message A { string a = 1', { file: 'more.proto', line: 1 }],
    [protoOf(1, 1).replace('package many.v1', 'package other'), { file: 'more.proto', reason: /takes the same requests as/ }],
  ];
  for (const [proto, problem] of broken) {
    t.match(await reload(proto), { ok: false, problems: [problem] });
    t.equal(gateway.current.id, 1);
    t.match(gateway.status().lastReload, { ok: false });
  }
});

test('rules beside the protos are read in the thread, too', async (t) => {
  const dir = t.testdir({ 'many.proto': protoOf(services), 'rules.yaml': '' });
  const file = join(dir, 'rules.yaml');
  const write = (get: string) => writeFileSync(file, `http:\n  rules:\n  - selector: many.v1.Thing0Service.GetThing0\n    get: ${get}\n`);
  write('/one/{name}');
  const gateway = await createGateway({
    sources: { protos: [join(dir, 'many.proto')], rules: [file], watch: false },
    upstreams: { default: { target: 'localhost:1' } },
    log: { level: 'silent' },
  });
  t.teardown(() => gateway.close(0));
  write('/two/{name}');
  t.match(await gateway.reload('test'), { ok: true, value: 1 });
  t.strictSame(
    gateway.current.table.bindings.filter(({ origin }) => origin === 'rules').map(({ template }) => template.text),
    ['/two/{name}'],
  );
  write('/three/{nam}');
  t.match(await gateway.reload('test'), { ok: false, problems: [{ file, line: 4, reason: /has no field "nam"/ }] });
  writeFileSync(file, 'htpp: {}');
  t.match(await gateway.reload('test'), { ok: false, problems: [{ file, line: 1, reason: /did you mean "http"/ }] });
  t.equal(gateway.current.id, 1);
});
