import { test } from 'tap';
import { parseNode } from '../../../gateway/discovery/node-data.js';

for (const [data, address] of [
  ['127.0.0.1:8003', '127.0.0.1:8003'],
  [' books.internal:8003\n', 'books.internal:8003'],
  ['{"host":"127.0.0.1","port":8003}', '127.0.0.1:8003'],
  ['{"host":"127.0.0.1","port":"8003","weight":2}', '127.0.0.1:8003'],
  ['{"host":"::1","port":8003}', '[::1]:8003'],
  ['{"host":"[::1]","port":8003}', '[::1]:8003'],
  ['{"Op":0,"Addr":"127.0.0.1:8003","Metadata":null}', '127.0.0.1:8003'],
  ['', undefined],
  ['{"host":"127.0.0.1","port":', undefined],
  ['{"host":"127.0.0.1"}', undefined],
  ['{"host":"127.0.0.1","port":0}', undefined],
  ['{"host":"127.0.0.1","port":80.5}', undefined],
  ['{"host":["127.0.0.1"],"port":1}', undefined],
  ['{"Addr":"grpcs://127.0.0.1:1"}', undefined],
  ['[1]', undefined],
  ['a b:1', undefined],
] as const)
  test(`${JSON.stringify(data)} ${address === undefined ? 'is no address' : `is ${address}`}`, async (t) => {
    t.equal(parseNode(data), address);
  });
