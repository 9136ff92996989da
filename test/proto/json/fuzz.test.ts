import t from 'tap';
import { type Codec, JsonError, type PrintContext, type PrintOptions, WireError } from '../../../proto/json/codec.js';
import { createCodec } from '../../../proto/json/create.js';
import { reachableBytes } from '../../support/memory.js';
import { allKinds } from './all-kinds.js';
import { CodecCase, printed } from './codec-case.js';
import { mutate, Random, randomJsonText, randomTokens, randomWire } from './fuzz-input.js';

/** All campaigns together run so long, or each for so many inputs if that is given; other seeds by the environment, too. */
const seconds = Number(process.env.PROTOGATE_FUZZ_SECONDS ?? 10);
const inputs = Number(process.env.PROTOGATE_FUZZ_INPUTS ?? 0);
const seed = Number(process.env.PROTOGATE_FUZZ_SEED ?? 20_261_121);
const campaigns = 5;

t.setTimeout(seconds * 2000 + inputs * campaigns + 60_000);

/** No input may take longer, ms. */
const LONGEST = 50;
/** The codec keeps plans and slabs, which do not grow with the number of inputs, bytes. */
const KEPT = 8 * 1024 * 1024;

const c = new CodecCase(allKinds);
const K = 'all.Kinds';
const sink = c.codec.createSink(1 << 24);
const strict = c.codec.parser(c.type(K), [], { unknown: 'error' });
const lenient = c.codec.parser(c.type(K), [], { unknown: 'ignore' });
const request = { bound: [], conflict: 'error' as const, mask: undefined };

const options: readonly [PrintOptions & PrintContext, ...(PrintOptions & PrintContext)[]] = [
  { ...printed, pretty: false, enumNumbers: false, fields: undefined },
  { defaults: true, protoNames: true, int64: 'number', pretty: false, enumNumbers: true, fields: undefined },
  { defaults: false, protoNames: true, int64: 'string', pretty: true, enumNumbers: true, fields: undefined },
];
const printersOf = (codec: Codec) => options.map((o) => ({ request: o, print: codec.printer(c.type(K), [], o) }));
const printers = printersOf(c.codec);

/** Output, or undefined if the input is refused as it should be; anything else thrown fails. */
function outcome(run: () => void, error: typeof JsonError | typeof WireError): Buffer | undefined {
  sink.reset();
  sink.append(Buffer.from('before'));
  try {
    run();
  } catch (thrown) {
    if (!(thrown instanceof error)) throw thrown;
    if (sink.length !== 6) throw new Error('an error that leaves output behind');
    if (thrown.message.length > 9000) throw new Error(`a long message: ${thrown.message.length}`);
    return undefined;
  }
  return Buffer.from(sink.take()).subarray(6);
}

const parse = (json: Buffer, parser = strict) => outcome(() => parser(json, sink, request), JsonError);
const print = (wire: Buffer, { request: o, print: printer } = printers[0] ?? never()) => outcome(() => printer(wire, sink, o), WireError);

function never(): never {
  throw new Error('no printer');
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What is printed is JSON, parses, and prints the same again; unless it has an Any of a type that is not known, which prints but does not parse. */
function checkPrinted(json: Buffer): void {
  JSON.parse(json.toString());
  const wire = parse(json);
  if (wire === undefined) {
    check(json.includes('"@type"'), `what was printed does not parse: ${json}`);
    return;
  }
  const again = print(wire);
  check(again !== undefined && (again.equals(json) || json.includes('"@type"')), `printed ${json}\nthen    ${again}`);
}

/** Printers that have not yet seen messages out of order, and so take the fast path. */
let fresh = printersOf(createCodec(allKinds));
let freshFor = 0;

/** Prints one way, and every so often in all ways, which must agree on what is an error. */
function checkWire(wire: Buffer): void {
  if (freshFor++ % 8 !== 0) {
    const json = print(wire);
    if (json !== undefined) checkPrinted(json);
    return;
  }
  if (freshFor % 160 === 1) fresh = printersOf(createCodec(allKinds));
  const results = printers.map((printer) => print(wire, printer));
  for (const [i, printer] of fresh.entries()) {
    const result = outcome(() => printer.print(wire, sink, printer.request), WireError);
    check((result ?? 'none').toString() === (results[i] ?? 'none').toString(), `fresh plans print ${result}, others ${results[i]}`);
  }
  check(
    results.every((result) => (result === undefined) === (results[0] === undefined)),
    'options decide what is an error',
  );
  for (const result of results) if (result !== undefined) JSON.parse(result.toString());
  if (results[0] !== undefined) checkPrinted(results[0]);
}

/** What is parsed is JSON to others too, grows no more than is promised, and prints. */
function checkText(text: Buffer): void {
  const known = parse(text);
  const wire = parse(text, lenient);
  check(known === undefined || wire?.equals(known) === true, 'ignoring unknown things changes known ones');
  if (wire === undefined) return;
  JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text));
  check(wire.length <= text.length * 10, 'more than tenfold');
  const json = print(wire);
  check(json !== undefined, 'what was parsed does not print');
  if (json !== undefined) checkPrinted(json);
}

/** Time that a step takes, ms. Beyond the longest it is repeated: what else the machine does is not the step's fault. */
function timeOf(step: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && least > LONGEST; attempt++) {
    const start = performance.now();
    step();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** Runs a step on inputs until there were enough; a failure names the seed, the step and the input. */
function fuzz(name: string, inputOf: (random: Random) => Buffer, step: (input: Buffer) => void): void {
  t.test(name, (t) => {
    const random = new Random(seed);
    const end = performance.now() + (seconds * 1000) / campaigns;
    const more = (count: number) => (inputs > 0 ? count < inputs : performance.now() < end);
    let before = 0;
    let count = 0;
    for (; more(count); count++) {
      if (count === 100) before = reachableBytes();
      const input = inputOf(random);
      try {
        const time = timeOf(() => step(input));
        check(time <= LONGEST, `took ${time.toFixed(0)} ms`);
      } catch (error) {
        t.fail(`seed ${seed}, input ${count}: ${input.toString('latin1')} (${input.toString('hex')}): ${String(error)}`, { error });
        break;
      }
    }
    t.ok(count > 100, `${count} inputs`);
    const grown = reachableBytes() - before;
    t.ok(grown < KEPT, 'memory stays flat', { grown });
    t.end();
  });
}

const texts = [
  '{"double":1.5,"float":-0.1,"int32":-1,"int64":"9007199254740993","uint32":7,"bool":true,"string":"aé€😀\\n\\u0041","bytes":"+/8=","open":"ONE","closed":3}',
  '{"kinds":{"kinds":{"many":[{},{"left":"x"},{"right":{"none":null}}]}},"group":{"group":{"string":"y"}},"packed":[1,-1,300],"unpacked":[1,2]}',
  '{"strings":["","a"],"toInt":{"a":1,"":0},"toKinds":{"-1":{"bool":true}},"toOpen":{"true":"ONE"},"time":"2026-11-21T01:02:03.004Z","duration":"-1.5s"}',
  '{"mask":"pageSize,book.isbn","struct":{"a":[null,1,"b",true,{"c":{}}]},"value":[1,[2,[3]]],"list":[{}],"wrapped":"5","null":null,"values":[null,1],"opens":["NONE",9]}',
  '{"any":{"@type":"x/all.Kinds","bool":true},"empty":{},"[all.ext]":"e","[all.exts]":[1,2],"many":[{"any":{"value":"1s","@type":"x/google.protobuf.Duration"}}]}',
].map((text) => Buffer.from(text));
const wires = texts.map((text) => parse(text) ?? Buffer.alloc(0));
const one = (random: Random, from: readonly Buffer[]) => from[random.below(from.length)] ?? Buffer.alloc(0);
const numbers: readonly [number, ...number[]] = [1, ...Array.from({ length: 40 }, (_, i) => i + 2), 100, 101];

const prototype = Object.getOwnPropertyNames(Object.prototype).join();

fuzz(
  'changed JSON text is refused by a JsonError or means what it says',
  (random) => mutate(random, one(random, texts), one(random, texts)),
  checkText,
);

fuzz(
  'random JSON text is refused by a JsonError or means what it says',
  (random) => (random.below(4) === 0 ? random.bytes(random.below(40)) : randomTokens(random)),
  checkText,
);

fuzz(
  'changed and random wire bytes are refused by a WireError or printed as JSON',
  (random) => (random.below(8) === 0 ? random.bytes(random.below(40)) : mutate(random, one(random, wires), one(random, wires))),
  checkWire,
);

fuzz('messages of random fields in any order print as JSON that parses', (random) => randomWire(random, numbers), checkWire);

fuzz(
  'a Value takes any JSON and gives it back',
  (random) => Buffer.from(randomJsonText(random)),
  (text) => {
    const wire = parse(Buffer.from(`{"value":${text}}`));
    check(wire !== undefined, 'JSON that is refused');
    const json = print(wire ?? Buffer.alloc(0));
    const expected = JSON.stringify({ value: JSON.parse(text.toString()) });
    check(JSON.stringify(JSON.parse(json?.toString() ?? '')) === expected, `came back as ${json}`);
  },
);

t.test('no input has changed what all objects inherit', (t) => {
  t.equal(Object.getOwnPropertyNames(Object.prototype).join(), prototype);
  t.end();
});
