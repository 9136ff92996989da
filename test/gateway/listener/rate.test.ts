import { test } from 'tap';
import { Rate } from '../../../gateway/listener/rate.js';

test('a rate is exceeded by one more than may be within its span, and begins anew behind it', (t) => {
  const rate = new Rate(2, 100);
  t.same(
    [0, 10, 20, 99].map((now) => rate.isExceeded(now)),
    [false, false, true, true],
  );
  t.same(
    [100, 150, 160, 300].map((now) => rate.isExceeded(now)),
    [false, false, true, false],
  );
  t.end();
});
