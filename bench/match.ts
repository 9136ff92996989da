import type { Binding } from '../annotations/binding.js';
import { compileBindings } from '../annotations/compile.js';
import { createRouteTable } from '../annotations/table.js';
import { link } from '../proto/link.js';
import { compileGoogleapis } from '../test/support/googleapis.js';

/** What one match of a request line costs, by the number of routes: rules of googleapis, each asked for once a round. */
const SIZES = [10, 1000, Number.POSITIVE_INFINITY];
const MIN_SECONDS = 1;

const linked = link([{ origin: 'googleapis', version: '', files: compileGoogleapis() }]);
const compiled = linked.ok ? compileBindings(linked.value, { invalidRules: 'skip', conflicts: 'first' }) : undefined;
if (!compiled?.ok) throw new Error('googleapis does not compile');
const all = compiled.value;

console.log('routes   us/match   segments/path');
for (const size of SIZES) {
  const step = Math.max(1, Math.floor(all.length / size));
  const bindings = all.filter((_, i) => i % step === 0).slice(0, size);
  const table = createRouteTable(bindings);
  const requests = bindings.map((binding) => ({ method: binding.httpMethod, target: targetOf(binding) }));
  const segments = requests.reduce((sum, { target }) => sum + target.split('/').length - 1, 0) / requests.length;
  const columns = [String(bindings.length).padStart(6), measure().toFixed(3).padStart(10), segments.toFixed(1).padStart(15)];
  console.log(columns.join(' '));

  function measure(): number {
    let [hits, rounds, elapsed] = [0, 0, 0];
    const start = performance.now();
    while (elapsed < MIN_SECONDS * 1000) {
      for (const { method, target } of requests) if (table.match(method, target).kind === 'hit') hits += 1;
      rounds += 1;
      elapsed = performance.now() - start;
    }
    if (hits !== rounds * requests.length) throw new Error('a request does not match');
    return (elapsed * 1000) / hits;
  }
}

function targetOf({ template: { segments, verb } }: Binding): string {
  const parts = segments.map((segment, i) =>
    segment.kind === 'literal' ? segment.text : segment.kind === 'single' ? `value-${i}` : 'some/more',
  );
  return `/${parts.join('/')}${verb === undefined ? '' : `:${verb}`}?pageSize=10`;
}
