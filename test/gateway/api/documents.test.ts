import { join } from 'node:path';
import { type Test, test } from 'tap';
import { parse } from 'yaml';
import { createGateway } from '../../../gateway/index.js';
import { protoOf } from './many-routes.js';

async function gatewayOf(t: Test, services: number) {
  const dir = t.testdir({ 'many.proto': protoOf(services) });
  const gateway = await createGateway({
    sources: { protos: [join(dir, 'many.proto')] },
    upstreams: { default: { target: 'localhost:1' } },
    log: { level: 'silent' },
  });
  t.teardown(() => gateway.close(0));
  return gateway;
}

for (const [services, where] of [
  [4, 'here'],
  [24, 'in a thread'],
] as const) {
  test(`the documents of ${services * 5} routes are written ${where}, once`, async (t) => {
    const { app, ...generation } = (await gatewayOf(t, services)).current;
    t.ok(generation);
    const [json, again] = await Promise.all([app.inject('/openapi.json'), app.inject('/openapi.json')]);
    t.equal(json.statusCode, 200);
    t.equal(json.body, again.body);
    const document = json.json();
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item as object));
    t.equal(operations.length, services * 5);
    t.match(operations[0], { summary: 'Answers one' });
    t.equal(document.openapi, '3.1.0');
    t.match((await app.inject('/openapi.json?openapi=3.0')).json().openapi, /^3\.0/);
    const yaml = await app.inject('/openapi.yaml');
    t.equal(yaml.headers['content-type'], 'application/yaml; charset=utf-8');
    t.strictSame(parse(yaml.body, { maxAliasCount: -1 }), document);
  });
}
