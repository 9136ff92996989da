import { test } from 'tap';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { answer, framed, raw } from '../contract/raw.js';
import { open, unary, within } from '../contract/suite.js';

test('a server that takes no header table is told that none is used (RFC 7541, 4.2)', async (t) => {
  for (const headerTableSize of [0, 1024]) {
    const { address } = await raw(t, ({ stream }) => answer(stream, [framed('x')], { 'grpc-status': '0' }), { headerTableSize });
    const transport = open(t, h2Lane, address);
    for (let i = 0; i < 3; i++) t.equal((await unary(transport, '', within(10_000)).ended).code, 0);
  }
});
