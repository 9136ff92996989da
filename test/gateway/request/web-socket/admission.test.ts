import { test } from 'tap';
import { ways } from '../../../support/ways.js';
import { Client, refusedBy } from '../../../support/web-socket.js';
import { startTalk } from '../../talk.js';

const app = 'https://app.example.com';

for (const [way, config] of Object.entries(ways)) {
  test(`a page opens WebSockets of its own origin, and of those that are told of it, ${way}`, async (t) => {
    const { url } = await startTalk(t, {}, { ...config, cors: { origins: [app] } });
    const rows: readonly (readonly [headers: Record<string, string>, isAllowed: boolean])[] = [
      [{}, true],
      [{ origin: url }, true],
      [{ origin: app }, true],
      [{ origin: 'https://evil.example' }, false],
      [{ origin: url.replace(/:\d+$/, ':1') }, false],
      [{ origin: 'null' }, false],
      [{ origin: url, 'sec-fetch-site': 'same-origin' }, true],
      [{ origin: url, 'sec-fetch-site': 'same-site' }, false],
      [{ origin: app, 'sec-fetch-site': 'cross-site' }, true],
      [{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false],
    ];
    for (const [headers, isAllowed] of rows) {
      for (const protocol of ['protogate.json', 'protogate.json+metadata']) {
        const name = `${JSON.stringify(headers)} ${protocol}`;
        if (isAllowed) {
          const client = await Client.open(url, '/v1/a:chat', protocol, { headers });
          client.ws.terminate();
          t.pass(name);
        } else {
          const refused = await refusedBy(url, '/v1/a:chat', protocol, { headers });
          t.match(refused, { status: 403, type: 'application/json', text: /from a page of another site is not allowed/ }, name);
        }
      }
    }
  });
}
