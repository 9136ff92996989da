/**
 * Compares the codec with what else transcodes in Node, bytes to bytes, and prints a Markdown table. `node dist/bench/codec/run.js [shape]`
 */
import { type Contestant, contestantsFor } from './contestants.js';
import { type Cost, compare } from './measure.js';
import { loadSchemas } from './schema.js';
import { type Shape, shapes } from './shapes.js';

const schemas = loadSchemas();
const only = process.argv[2];

function wireOf({ type, value }: Shape): Uint8Array {
  const message = schemas.protobufjs.lookupType(type);
  return message.encode(message.fromObject(value)).finish();
}

function size(bytes: number): string {
  return bytes < 10_000 ? `${bytes} B` : `${(bytes / 1024).toFixed(0)} KB`;
}

function cell(cost: Cost, ours: Cost): string {
  const time = cost.microseconds < 10 ? cost.microseconds.toFixed(2) : cost.microseconds.toFixed(0);
  const ratio = cost === ours ? '' : ` (${(cost.microseconds / ours.microseconds).toFixed(1)}x)`;
  return `${time} us${ratio}, ${size(cost.bytes)}`;
}

function row(label: string, contestants: readonly Contestant[], run: (c: Contestant) => () => unknown): void {
  const costs = compare(contestants.map(run));
  const ours = costs[0];
  if (ours !== undefined) console.log(`| ${label} | ${costs.map((cost) => cell(cost, ours)).join(' | ')} |`);
}

console.log(`Node ${process.version}\n`);
console.log(
  `| | ${contestantsFor(schemas, 'bench.Small')
    .map((c) => c.name)
    .join(' | ')} |`,
);
console.log('|---|---|---|---|---|');
for (const shape of shapes.filter(({ name }) => only === undefined || name.includes(only))) {
  const contestants = contestantsFor(schemas, shape.type);
  const wire = wireOf(shape);
  const json = contestants[0]?.print(wire) ?? wire;
  const sizes = `${size(wire.length)} / ${size(json.length)}`;
  row(`${shape.name} (${sizes}): wire to JSON`, contestants, (c) => () => c.print(wire));
  row(`${shape.name}: JSON to wire`, contestants, (c) => () => c.parse(json));
}
