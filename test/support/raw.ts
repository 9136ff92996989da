import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client connection on which a test writes what it wants, and what came on it. */
export class Raw {
  text = '';
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.text += chunk;
    });
    socket.on('error', () => {});
    socket.once('close', () => {
      this.closed = true;
    });
  }

  static async open(url: string, bytes: string): Promise<Raw> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(bytes);
    return new Raw(socket);
  }

  until(done: () => boolean): Promise<void> {
    return until(() => done() || this.closed);
  }
}

/** Waits until that is so. */
export async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 2));
}
