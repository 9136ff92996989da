import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../../../test/support/tls');
const pem = (file: string): Buffer => readFileSync(resolve(FOLDER, file));

/** PEM bytes of the committed test certificates; `server` is valid for localhost, backend.test, 127.0.0.1 and ::1. */
export const testTls = {
  ca: pem('ca.crt'),
  server: { cert: pem('server.crt'), key: pem('server.key') },
  client: { cert: pem('client.crt'), key: pem('client.key') },
} as const;

/** The same as files. */
export const tlsPaths = {
  ca: resolve(FOLDER, 'ca.crt'),
  server: { cert: resolve(FOLDER, 'server.crt'), key: resolve(FOLDER, 'server.key') },
  client: { cert: resolve(FOLDER, 'client.crt'), key: resolve(FOLDER, 'client.key') },
} as const;

/** Certificate and key of `server` as files. */
export const tlsFiles: readonly string[] = Object.values(tlsPaths.server);
