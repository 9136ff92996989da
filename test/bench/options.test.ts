import t from 'tap';
import { readOptions } from '../../bench/gateway/options.js';

const known = { cases: ['get', 'list'], targets: ['protogate h2', 'envoy'] };
const defaults = { ...known, seconds: 3, rounds: 3, build: false, out: undefined, against: undefined };

t.test('without arguments everything is measured, and nothing is downloaded', async (t) => {
  t.strictSame(readOptions([], known), defaults);
});

t.test('cases and targets are chosen by name', async (t) => {
  const args = ['--only', 'list', '--targets', 'envoy,protogate h2', '--seconds', '10', '--rounds', '1', '--build', '--out', 'a.json'];
  t.strictSame(readOptions(args, known), {
    cases: ['list'],
    targets: ['envoy', 'protogate h2'],
    seconds: 10,
    rounds: 1,
    build: true,
    out: 'a.json',
    against: undefined,
  });
});

t.test('against an older commit the first target is measured, and others only if they are named', async (t) => {
  t.strictSame(readOptions(['--against', '../older'], known), { ...defaults, targets: ['protogate h2'], against: '../older' });
  const named = readOptions(['--against', '../older', '--targets', 'protogate h2,envoy'], known);
  t.strictSame(named, { ...defaults, against: '../older' });
});

const wrong: readonly (readonly [args: string[], says: string])[] = [
  [['--only', 'get,lst'], '--only lst: there are get, list'],
  [['--targets', 'nginx'], '--targets nginx: there are protogate h2, envoy'],
  [['--seconds', '0'], '--seconds 0: must be a number from 1 to 9999'],
  [['--rounds', '1.5'], '--rounds 1.5: must be a number from 1 to 9999'],
];
for (const [args, says] of wrong) {
  t.test(`${args.join(' ')} is refused`, async (t) => {
    t.equal(readOptions(args, known), says);
  });
}
