/** What `node --cpu-prof` writes, as far as it is needed: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  /** Microseconds of the monotonic clock. */
  readonly startTime: number;
  /** Node identifiers. */
  readonly samples: readonly number[];
  /** Before each sample, microseconds. */
  readonly timeDeltas: readonly number[];
}

/** Names and microseconds, most first. */
export type Times = readonly (readonly [name: string, microseconds: number])[];

/** First match counts. Functions of the engine have no file: they belong to who calls them. */
const rooms: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/node:internal\/timers|node:timers/, 'Node.js: timers'],
  [/node:(_http|internal\/http|http)/, 'Node.js: HTTP'],
  [/node:.*(stream|net)/, 'Node.js: sockets and streams'],
  [/node:/, 'Node.js: the rest'],
  [/node_modules\/(fastify|find-my-way|@fastify|fast-)/, 'Fastify'],
  [/node_modules\//, 'other packages'],
  [/\/gateway\/upstream\//, 'calls'],
  [/\/(proto|gateway\/transcode)\//, 'transcoding'],
  [/\/annotations\//, 'matching'],
  [/\/gateway\//, 'the gateway besides'],
];

const engine: ReadonlyMap<string, string> = new Map([
  ['(garbage collector)', 'garbage collection'],
  ['(program)', 'native code and the kernel'],
]);

/**
 * Sums up the time spent in functions themselves, by room of the program and by function, between two points of the monotonic clock, microseconds.
 * Time without work is left out.
 */
export function selfTimes(
  { nodes, startTime, samples, timeDeltas }: CpuProfile,
  from: number,
  until: number,
): { readonly categories: Times; readonly functions: Times } {
  const byNode = new Map<number, number>();
  let at = startTime;
  for (const [i, id] of samples.entries()) {
    const delta = timeDeltas[i] ?? 0;
    at += delta;
    if (at >= from && at <= until) byNode.set(id, (byNode.get(id) ?? 0) + delta);
  }
  const known = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const categoryOf = (id: number | undefined): string => {
    const frame = id === undefined ? undefined : known.get(id)?.callFrame;
    if (frame === undefined) return 'native code and the kernel';
    const name = engine.get(frame.functionName) ?? rooms.find(([pattern]) => pattern.test(frame.url))?.[1];
    return name ?? categoryOf(id === undefined ? undefined : callers.get(id));
  };
  const categories = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const [id, microseconds] of byNode) {
    const { functionName, url, lineNumber } = known.get(id)?.callFrame ?? { functionName: '', url: '', lineNumber: 0 };
    if (functionName === '(idle)') continue;
    const file = url.replace(/^.*\/(?=node_modules\/|dist\/)/, '');
    add(categories, categoryOf(id), microseconds);
    add(functions, `${functionName === '' ? '(anonymous)' : functionName} ${file}:${lineNumber + 1}`, microseconds);
  }
  return { categories: sorted(categories), functions: sorted(functions) };
}

function add(to: Map<string, number>, name: string, microseconds: number): void {
  to.set(name, (to.get(name) ?? 0) + microseconds);
}

function sorted(times: ReadonlyMap<string, number>): Times {
  return [...times].sort(([, a], [, b]) => b - a);
}
