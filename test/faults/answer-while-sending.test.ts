import { connect, type Socket } from 'node:net';
import { test } from 'tap';
import { startDesk } from '../gateway/desk.js';
import { until } from '../support/raw.js';
import { ways } from '../support/ways.js';

const SIZE = 8 * 1024 * 1024;

/** What a client gets that sends all of its request before it reads anything, and what went wrong with it. */
async function sendAllThenRead(url: string, head: string): Promise<{ readonly answer: string; readonly error: string | undefined }> {
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1');
  let error: string | undefined;
  let closed = false;
  socket.on('error', (e: NodeJS.ErrnoException) => {
    error = e.code;
  });
  socket.on('close', () => {
    closed = true;
  });
  socket.write(head);
  const piece = Buffer.alloc(256 * 1024, 0x20);
  for (let sent = 0; sent < SIZE && !closed; sent += piece.length) {
    await new Promise<void>((resolve) => {
      socket.once('close', resolve);
      socket.write(piece, () => resolve());
    });
  }
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk;
  });
  await until(() => closed);
  return { answer, error };
}

for (const [way, config] of Object.entries(ways)) {
  test(`a client that sends on gets to read why its request is refused, ${way}`, async (t) => {
    const { url } = await startDesk(t, { unary: { CreateNote: () => ({}) } }, config);
    const framings = { 'a length': `content-length: ${SIZE}`, chunks: `transfer-encoding: chunked\r\n\r\n${SIZE.toString(16)}` };
    for (const [name, framing] of Object.entries(framings)) {
      for (const [path, type, httpStatus] of [
        ['/v1/notes', 'application/json', 413],
        ['/v2', 'application/json', 404],
        ['/v1/notes/1', 'application/json', 405],
      ] as const) {
        const head = `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: ${type}\r\n${framing}\r\n${name === 'chunks' ? '' : '\r\n'}`;
        for (let i = 0; i < 5; i++) {
          const { answer, error } = await sendAllThenRead(url, head);
          t.match(answer, new RegExp(`^HTTP/1\\.1 ${httpStatus} `), `${path}, ${name}`);
          t.match(answer, /\r\nconnection: close\r\n/i);
          t.equal(error, undefined);
        }
      }
    }
  });

  test(`fetch gets the answer every time, ${way}`, async (t) => {
    const { url } = await startDesk(t, { unary: { CreateNote: () => ({}) } }, config);
    const body = new Uint8Array(SIZE);
    for (let i = 0; i < 20; i++) {
      const answer = await fetch(`${url}/v1/notes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      t.equal(answer.status, 413);
      await answer.text();
    }
  });
}
