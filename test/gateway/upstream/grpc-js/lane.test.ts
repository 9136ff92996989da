import { test } from 'tap';
import { grpcJsLane } from '../../../../gateway/upstream/grpc-js/lane.js';
import { laneContract } from '../contract.js';

test('the grpc-js lane keeps the contract', (t) =>
  laneContract(t, grpcJsLane, { dropsUnpulledOnError: true, joinsRepeated: true, keepsNameOrder: false, decodesAllEscapes: false }));
