import { test } from 'tap';
import { ownPaths } from '../../../gateway/api/own-paths.js';
import { type ConfigInput, createGateway, parseConfig } from '../../../gateway/index.js';
import { deskConfig } from '../desk.js';

const rows: readonly (readonly [name: string, config: ConfigInput])[] = [
  ['as it is by default', {}],
  ['with paths of its own', { health: { live: '/a', ready: '/b' }, docs: { ui: '/c/d/', document: '/e/f.json' } }],
  ['with the page at the root', { docs: { ui: '/' } }],
  ['without checks and page', { health: { live: false, ready: false }, docs: { ui: false } }],
  ['without documents', { docs: { enabled: false } }],
];

for (const [name, more] of rows) {
  test(`the paths that a gateway answers itself are those that it registers: ${name}`, async (t) => {
    const input = deskConfig('localhost:1', more);
    const registered = new Set<string>();
    const gateway = await createGateway(input, {
      setup: (app) => {
        app.addHook('onRoute', ({ url, constraints }) => {
          if (constraints === undefined) registered.add(url);
        });
      },
    });
    t.teardown(() => gateway.close(0));
    const config = parseConfig(input);
    t.strictSame(config.ok && [...ownPaths(config.value)].sort(), [...registered].sort());
  });
}
