/** One target's figures for one case. CPU time is the gateway's alone. */
export interface Figures {
  readonly target: string;
  readonly case: string;
  /** CPU time a request, microseconds, of each round; the least counts. */
  readonly rounds: readonly number[];
  readonly cpuMicroseconds: number;
  /** Of the round that counts. */
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What is measured once a target. */
export interface TargetFigures {
  readonly name: string;
  readonly version: string;
  /** From the start of the process to its first answer. */
  readonly startMs: number;
  /** After everything else was measured. */
  readonly residentBytes: number;
}

/** A run, as its JSON file holds it. */
export interface Results {
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  readonly backend: string;
  readonly generator: string;
  readonly seconds: number;
  readonly targets: readonly TargetFigures[];
  readonly figures: readonly Figures[];
}

/** What ratios refer to, if it was measured. */
export const REFERENCE = 'grpc-gateway';

/** CPU time of a target against that of the reference in the same run. */
export function ratioOf(figures: readonly Figures[], { target, case: name, cpuMicroseconds }: Figures): number | undefined {
  const reference = figures.find((other) => other.target === REFERENCE && other.case === name);
  return reference === undefined || target === REFERENCE ? undefined : cpuMicroseconds / reference.cpuMicroseconds;
}
