import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Problem, Result } from '../../proto/problem.js';

/** Paths of PEM files: certificates to trust, a certificate, its key. */
export interface TlsPaths {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What those files hold. */
export interface TlsPems {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

type Key = keyof TlsPaths;

/** Reads PEM files. What is wrong with them is found here, not by the first handshake. `subjects`: what problems call them. */
export async function readTlsFiles(paths: TlsPaths, subjects: Readonly<Record<Key, string>>): Promise<Result<TlsPems>> {
  const problems: Problem[] = [];
  const refuse = (key: Key, reason: string) => problems.push({ severity: 'error', subject: subjects[key], reason });
  const read = async (key: Key): Promise<Buffer | undefined> => {
    const path = paths[key];
    if (path === undefined) return undefined;
    try {
      return await readFile(path);
    } catch (e) {
      refuse(key, `cannot read ${path}: ${(e as NodeJS.ErrnoException).code}`);
      return undefined;
    }
  };
  const decode = <T>(key: Key, pem: Buffer | undefined, what: string, to: (pem: Buffer) => T): T | undefined => {
    try {
      return pem && to(pem);
    } catch {
      refuse(key, `${paths[key]} has no ${what} in PEM that can be read`);
      return undefined;
    }
  };

  const [ca, cert, key] = [await read('ca'), await read('cert'), await read('key')];
  decode('ca', ca, 'certificate', toCertificate);
  const certificate = decode('cert', cert, 'certificate', toCertificate);
  const privateKey = decode('key', key, 'private key without a password', createPrivateKey);
  if (certificate !== undefined && privateKey !== undefined && !certificate.checkPrivateKey(privateKey)) {
    refuse('key', `is not the key of the certificate in ${paths.cert}`);
  }
  if (problems.length > 0) return { ok: false, problems };
  const given = Object.entries({ ca, cert, key }).filter(([, value]) => value !== undefined);
  return { ok: true, value: Object.fromEntries(given), warnings: [] };
}

/** The first one of a file. */
function toCertificate(pem: Buffer): X509Certificate {
  return new X509Certificate(pem);
}
