import type { Test } from 'tap';
import type { Lane } from '../../../gateway/upstream/call.js';
import { connection } from './contract/connection.js';
import { ends } from './contract/ends.js';
import { flow } from './contract/flow.js';
import { kinds } from './contract/kinds.js';
import { metadata } from './contract/metadata.js';
import type { Limits } from './contract/suite.js';
import { wire } from './contract/wire.js';

const PERFECT: Limits = { dropsUnpulledOnError: false, joinsRepeated: false, keepsNameOrder: true, decodesAllEscapes: true };

/** Runs every case of the call vocabulary's contract on a lane, against real servers. `limits`: what the lane admits it cannot do. */
export async function laneContract(t: Test, lane: Lane, limits: Partial<Limits> = {}): Promise<void> {
  for (const [group, cases] of Object.entries({ kinds, metadata, ends, wire, flow, connection })) {
    await t.test(group, async (t) => {
      for (const c of cases) await t.test(c.name, (t) => c.run(t, lane, { ...PERFECT, ...limits }));
    });
  }
}
