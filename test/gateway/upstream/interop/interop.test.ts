import { test } from 'tap';
import { grpcJsLane } from '../../../../gateway/upstream/grpc-js/lane.js';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { open, TLS } from '../contract/suite.js';
import { Client, cases } from './cases.js';
import { implementations } from './servers.js';

for (const { name, start } of implementations) {
  for (const tls of [false, true]) {
    test(`${name}, ${tls ? 'TLS' : 'plaintext'}`, { timeout: 300_000 }, async (t) => {
      const server = await start(t, tls);
      if (server === undefined) return;
      const { address } = server;
      for (const lane of [h2Lane, grpcJsLane]) {
        const transport = open(t, lane, address, tls ? TLS : {});
        for (const { name, run } of cases) await t.test(`${name} by ${lane.name}`, (t) => run(t, new Client(transport)));
      }
    });
  }
}
