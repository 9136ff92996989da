import { test } from 'tap';
import { resolveHomes } from '../../../gateway/api/homes.js';
import { parseConfig } from '../../../gateway/config/config.js';
import { startGateway } from '../../../gateway/index.js';
import type { ServiceType } from '../../../proto/schema.js';
import { deskProto } from '../desk.js';

const serviceOf = (name: string, ...offeredBy: string[]) => ({ name, offeredBy }) as unknown as ServiceType;
const services = [serviceOf('a.v1.S'), serviceOf('a.v1.T', 'books'), serviceOf('b.S', 'books', 'shelves'), serviceOf('c.S')];

function homesOf(claims: Readonly<Record<string, readonly string[]>>) {
  const upstreams = Object.fromEntries(Object.entries(claims).map(([name, services]) => [name, { target: 'localhost:1', services }]));
  const config = parseConfig({ upstreams });
  if (!config.ok) throw new Error('configuration');
  return resolveHomes(config.value.upstreams, services);
}

const rows: readonly [name: string, claims: Readonly<Record<string, readonly string[]>>, homes: readonly (readonly string[])[]][] = [
  ['without claims a service is at home where it is offered', {}, [[], ['books'], ['books', 'shelves'], []]],
  ['a claim wins over an offer', { other: ['a.v1.T', 'b.*'] }, [[], ['other'], ['other'], []]],
  ['the most specific claim wins', { all: ['*'], a: ['a.*'], v1: ['a.v1.*'], s: ['a.v1.S'] }, [['s'], ['v1'], ['all'], ['all']]],
  ['equal claims are both told', { x: ['a.*'], y: ['a.*', 'c.S'] }, [['x', 'y'], ['x', 'y'], ['books', 'shelves'], ['y']]],
  ['an upstream may say the same twice', { x: ['c.*', 'c.*'] }, [[], ['books'], ['books', 'shelves'], ['x']]],
];

for (const [name, claims, expected] of rows) {
  test(name, async (t) => {
    const { homes, warnings } = homesOf(claims);
    t.strictSame(services.map(homes), expected);
    t.strictSame(warnings, []);
  });
}

test('a claim that no service meets is warned of', async (t) => {
  t.strictSame(homesOf({ x: ['d.*'] }).warnings, [
    { severity: 'warning', subject: 'upstreams.x.services', reason: '"d.*" is none of the loaded services' },
  ]);
});

test('a service that two upstreams claim alike stops the start, unless a policy decides', async (t) => {
  const upstreams = { a: { target: 'localhost:1', services: ['desk.*'] }, b: { target: 'localhost:2', services: ['desk.*'] } };
  const config = { listen: '127.0.0.1:0', sources: { protos: [deskProto] }, upstreams, log: { level: 'silent' as const } };
  await t.rejects(startGateway(config), {
    message: 'desk.v1.Desk: may go to the upstreams a and b: say which one, as in upstreams: { a: { services: [desk.v1.Desk] } }',
  });
  const running = await startGateway({ ...config, policies: [{ select: 'desk.v1.Desk.*', upstream: 'b' }] });
  await running.close({ graceMs: 0 });
});
