import { test } from 'tap';
import { Arriving } from '../../../../gateway/upstream/h2/arriving.js';

/** Asks again when it is told to. */
class Message {
  came = false;

  constructor(
    private readonly arriving: Arriving,
    private readonly length: number,
  ) {
    this.more();
  }

  more(): void {
    this.came = this.arriving.letIn(this, this.length);
  }
}

test('large messages beyond the bound wait, in order, until others have come', (t) => {
  const arriving = new Arriving(10);
  const [a, b, c, d] = [6, 4, 5, 5].map((length) => new Message(arriving, length)) as [Message, Message, Message, Message];
  const came = () => [a, b, c, d].map((message) => message.came);
  t.strictSame(came(), [true, true, false, false]);
  a.more();
  t.strictSame(came(), [true, true, false, false], 'who is in stays in');
  arriving.release(b);
  t.strictSame(came(), [true, true, false, false], 'there is no room for the next one yet');
  arriving.release(a);
  t.strictSame(came(), [true, true, true, true]);
  t.end();
});

test('a message that is alone may be longer than the bound, and who gave up does not wait', (t) => {
  const arriving = new Arriving(10);
  const long = new Message(arriving, 20);
  const gone = new Message(arriving, 1);
  const next = new Message(arriving, 1);
  t.strictSame([long.came, gone.came, next.came], [true, false, false]);
  arriving.release(gone);
  arriving.release(long);
  arriving.release(long);
  t.strictSame([gone.came, next.came], [false, true]);
  t.end();
});
