import fc from 'fast-check';
import { test } from 'tap';
import { Deadlines, type Due } from '../../../gateway/upstream/deadlines.js';

const due = (deadline: number): Due => ({ deadline, place: -1 });

test('deadlines pass soonest first, whatever was added and deleted in whatever order', async (t) => {
  const step = fc.record({ deadline: fc.integer({ min: -1000, max: 0 }), deletes: fc.option(fc.nat(), { nil: undefined }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const passed: number[] = [];
      const kept: Due[] = [];
      await new Promise<void>((resolve) => {
        const deadlines = new Deadlines<Due>(({ deadline }) => {
          passed.push(deadline);
          if (passed.length === kept.length) resolve();
        });
        for (const { deadline, deletes } of steps) {
          if (deletes !== undefined) for (const gone of kept.splice(deletes % (kept.length + 1), 1)) deadlines.delete(gone);
          const added = due(deadline);
          kept.push(added);
          deadlines.add(added);
        }
        if (kept.length === 0) resolve();
        // The one timer holds no process open.
        else setTimeout(() => {}, 20);
      });
      t.strictSame(
        passed,
        kept.map(({ deadline }) => deadline).sort((a, b) => a - b),
      );
      t.ok(kept.every(({ place }) => place === -1));
    }),
    { numRuns: 60 },
  );
});

test('what is deleted does not pass, and may be deleted again', async (t) => {
  const passed: Due[] = [];
  const [gone, last] = [due(-2), due(-1)];
  await new Promise<void>((resolve) => {
    const deadlines = new Deadlines<Due>((d) => {
      passed.push(d);
      resolve();
    });
    deadlines.add(gone);
    deadlines.add(last);
    deadlines.delete(gone);
    deadlines.delete(gone);
    setTimeout(() => {}, 20);
  });
  t.equal(passed.length, 1);
  t.equal(passed[0], last);
});

test('what has no end is not kept', (t) => {
  const never = due(Number.POSITIVE_INFINITY);
  new Deadlines<Due>(() => t.fail()).add(never);
  t.equal(never.place, -1);
  t.end();
});
