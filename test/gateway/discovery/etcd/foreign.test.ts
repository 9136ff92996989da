import { test } from 'tap';
import { EtcdSource } from '../../../../gateway/discovery/etcd/source.js';
import { serveRange } from './range-server.js';

test('what answers as no etcd does is a trouble, and asked again', async (t) => {
  let asked = 0;
  const address = await serveRange(t, () => {
    asked += 1;
    return Buffer.from(asked < 3 ? [0x12, 0x7f] : []);
  });
  const source = new EtcdSource(address, 'books/');
  t.teardown(() => source.close());
  const told: string[] = [];
  await new Promise<void>((resolve) => {
    source.start({
      endpoints(list) {
        told.push(`list of ${list.length}`);
        resolve();
      },
      trouble: (problem) => told.push(problem === undefined ? 'well' : 'trouble'),
      ignored() {},
    });
  });
  t.same(told, ['trouble', 'trouble', 'well', 'list of 0']);
});
