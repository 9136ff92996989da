import type { FileDescriptor } from '../../../proto/descriptor/descriptor.js';
import { readFileDescriptor } from '../../../proto/descriptor/read.js';
import { writeFileDescriptor } from '../../../proto/descriptor/write.js';
import { WireWriter } from '../../../proto/wire/writer.js';
import { compileProtos } from '../../support/schema.js';

/** A FileDescriptorSet of files. */
export function setOf(files: readonly Uint8Array[]): Uint8Array {
  const out = new WireWriter();
  for (const file of files) out.bytesField(1, file);
  return out.finish();
}

/** A set that adds nothing. */
export const harmlessSet = setOf(compileProtos({ 'harmless.proto': 'syntax = "proto3";' }));

const route = '{ option (google.api.http) = { get: "/v1/things/{name}" }; }';
const good = compileProtos({
  'broken.proto': `syntax = "proto3"; package broken.v1; import "google/api/annotations.proto";
    message Thing { string name = 1; Thing thing = 2; }
    service Things { rpc Get(Thing) returns (Thing) ${route} rpc Read(Thing) returns (Thing); }`,
});
const twice = compileProtos({
  'broken.proto': `syntax = "proto3"; package broken.v1; import "google/api/annotations.proto";
    message Thing { string name = 1; }
    service Things { rpc Get(Thing) returns (Thing) ${route} rpc Read(Thing) returns (Thing) ${route} }`,
});
const imports = good.slice(0, -1);
const own = good.at(-1) ?? new Uint8Array();

const changed = (change: (file: FileDescriptor) => FileDescriptor) => writeFileDescriptor(change(readFileDescriptor(own)));

/** Makes a broken set; `n` makes each another one. */
type Breaker = (n: number) => Uint8Array;

/** Kinds of broken descriptor sets, none of which a gateway may take. */
export const breakers: Readonly<Record<string, Breaker>> = {
  'cut off inside of a file': (n) => {
    const set = setOf(good);
    return set.subarray(0, set.length - 1 - (n % (own.length - 1)));
  },
  'bytes of something else': (n) => Uint8Array.from({ length: 100 + n }, (_, i) => 0xff - ((i * n) % 7)),
  'imports in a circle': (n) =>
    setOf([
      ...imports,
      changed((file) => ({ ...file, dependency: [...file.dependency, `circle${n}.proto`] })),
      changed((file) => ({
        ...file,
        name: `circle${n}.proto`,
        package: `circle${n}`,
        dependency: ['broken.proto'],
        service: [],
        messageType: [],
      })),
    ]),
  'an import that is nowhere': (n) =>
    setOf([
      ...imports,
      changed((file) => {
        const [thing] = file.messageType;
        const field = (thing?.field ?? []).map((f) => (f.name === 'thing' ? { ...f, typeName: `.nowhere${n}.Thing` } : f));
        const messageType = thing === undefined ? [] : [{ ...thing, field }];
        return { ...file, dependency: [...file.dependency, `nowhere${n}.proto`], messageType };
      }),
    ]),
  'two routes for the same requests': () => setOf(twice),
  'a type that is declared twice': (n) => setOf([...good, changed((file) => ({ ...file, name: `again${n}.proto`, service: [] }))]),
  'two fields with one number': (n) =>
    setOf([
      ...imports,
      changed((file) => {
        const [thing] = file.messageType;
        const field = (thing?.field ?? []).map((f) => ({ ...f, number: 1 + (n % 1000) }));
        return { ...file, messageType: thing === undefined ? [] : [{ ...thing, field }] };
      }),
    ]),
};
