import { test } from 'tap';
import { h2Lane } from '../../../../gateway/upstream/h2/lane.js';
import { laneContract } from '../contract.js';

test('the h2 lane keeps the contract', (t) => laneContract(t, h2Lane));
