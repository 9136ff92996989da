import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Problem, Result } from '../../proto/problem.js';
import type { UpstreamConfig } from '../config/config.js';
import type { LaneTls } from '../upstream/call.js';

type Key = 'ca' | 'cert' | 'key';

/** Reads the PEM files of an upstream. What is wrong with them is found here, not by the first call. */
export async function readTls(name: string, tls: UpstreamConfig['tls']): Promise<Result<LaneTls>> {
  const problems: Problem[] = [];
  const refuse = (key: Key, reason: string) => problems.push({ severity: 'error', subject: `upstreams.${name}.tls.${key}`, reason });
  const read = async (key: Key): Promise<Buffer | undefined> => {
    const path = tls?.[key];
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
      refuse(key, `${tls?.[key]} has no ${what} in PEM that can be read`);
      return undefined;
    }
  };

  const [ca, cert, key] = [await read('ca'), await read('cert'), await read('key')];
  decode('ca', ca, 'certificate', toCertificate);
  const certificate = decode('cert', cert, 'certificate', toCertificate);
  const privateKey = decode('key', key, 'private key without a password', createPrivateKey);
  if (certificate !== undefined && privateKey !== undefined && !certificate.checkPrivateKey(privateKey)) {
    refuse('key', `is not the key of the certificate in ${tls?.cert}`);
  }
  if (problems.length > 0) return { ok: false, problems };
  const given = Object.entries({ ca, cert, key, serverName: tls?.serverName }).filter(([, value]) => value !== undefined);
  return { ok: true, value: Object.fromEntries(given), warnings: [] };
}

/** The first one of a file. */
function toCertificate(pem: Buffer): X509Certificate {
  return new X509Certificate(pem);
}
