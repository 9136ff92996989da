import { test } from 'tap';
import { decodeComponent } from '../../gateway/transcode/percent.js';

test('a megabyte of spaces in a form is decoded within the 50 ms that any piece of work may take', async (t) => {
  for (const text of ['+', '+a', '%20', '+%20']) {
    const spaces = text.repeat(2 ** 20 / text.length);
    let least = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 10; run++) {
      const before = process.cpuUsage();
      decodeComponent(spaces, 'title', 'form field');
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 1000);
    }
    t.ok(least < 50, `${text}: ${least} ms`);
  }
});
