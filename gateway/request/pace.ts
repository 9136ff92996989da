import { IncomingMessage } from 'node:http';

/** Pieces of one body that are taken at a time. A piece costs a microsecond, and Node reads on for as long as there is something to read. */
const MOST_AT_A_TIME = 1000;

/** Lets all others have their turn while a body comes in very many small pieces. */
export class Pace {
  #pieces = 0;
  #waits = false;

  constructor(private readonly payload: NodeJS.ReadableStream) {}

  /** A piece has come. */
  count(): void {
    this.#pieces += 1;
    if (this.#pieces < MOST_AT_A_TIME || this.#waits) return;
    this.#pieces = 0;
    if (!(this.payload instanceof IncomingMessage)) return;
    const { socket } = this.payload;
    if (socket.isPaused()) return;
    // The message asks its socket for more at the end of every read.
    const pause = () => socket.pause();
    this.#waits = true;
    pause();
    socket.on('resume', pause);
    setImmediate(() => {
      this.#waits = false;
      socket.off('resume', pause);
      socket.resume();
    });
  }
}
