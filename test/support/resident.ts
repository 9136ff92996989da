import { existsSync, readFileSync } from 'node:fs';

/** Why a test that measures processes is skipped, where it cannot. */
export const noProc = existsSync('/proc/self/status') ? false : 'there is no /proc to read the memory of a process from';

/** Bytes of memory that a process has. */
export function residentBytes(pid: number | undefined): number {
  const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
