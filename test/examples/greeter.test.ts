import { Client, credentials } from '@grpc/grpc-js';
import { test } from 'tap';
import { openGreeter } from './greeter-server.js';

test('the greeter greets, in Python', async (t) => {
  const port = await openGreeter(t);
  if (port === undefined) return;
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  t.teardown(() => client.close());
  const same = (bytes: Buffer) => bytes;
  const name = Buffer.concat([Buffer.from([0x0a, 5]), Buffer.from('world')]);
  const reply = await new Promise<unknown>((resolve) => {
    client.makeUnaryRequest('/helloworld.Greeter/SayHello', same, same, name, (error, bytes) => resolve(error ?? bytes));
  });
  t.strictSame(reply, Buffer.concat([Buffer.from([0x0a, 13]), Buffer.from('Hello, world!')]));
});
