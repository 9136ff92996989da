import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { loadConfig, type RunningGateway, startGateway } from '../../../gateway/index.js';
import { WireWriter } from '../../../proto/wire/writer.js';
import { startBackend } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { compileProtos } from '../../support/schema.js';
import { LogEntries } from '../log-entries.js';

/** A service with one method behind that path. */
export const proto = (path: string) => `
syntax = "proto3";
package notes.v1;
import "google/api/annotations.proto";
service Notes {
  rpc GetNote(Note) returns (Note) { option (google.api.http) = { get: "${path}" }; }
}
message Note { string id = 1; }
`;

/** A descriptor set of one file. */
export const set = (body: string) =>
  new WireWriter().bytesField(1, compileProtos({ 'set.proto': `syntax = "proto3"; ${body}` })[0] ?? '').finish();

/** A gateway that follows, and what it logs. */
export interface Followed {
  readonly folder: string;
  readonly entries: LogEntries;
  readonly running: RunningGateway;
  readonly target: string;
  status(path: string): Promise<number>;
}

/** A gateway with a configuration file in a folder of its own, in front of a real gRPC server. `lay` lays out the folder. */
export async function startFollowing(t: Test, lay: (folder: string, target: string) => void): Promise<Followed> {
  const { backend, folder } = await startNotes(t);
  lay(folder, backend.target);
  const entries = new LogEntries();
  const file = join(folder, 'protogate.yaml');
  const running = await startGateway(() => loadConfig(file), { log: entries.log, configFiles: [file] });
  t.teardown(() => running.close({ graceMs: 0 }));
  const status = async (path: string) => (await send(running.url, 'GET', path)).status;
  return { folder, entries, running, target: backend.target, status };
}

/** A real gRPC server, and a folder for what is in front of it. */
export async function startNotes(t: Test) {
  const folder = t.testdir({ 'backend.proto': proto('/v1/notes/{id}'), api: {} });
  const backend = await startBackend(join(folder, 'backend.proto'), { unary: { 'notes.v1.Notes.GetNote': ({ request }) => request } });
  t.teardown(() => backend.close());
  return { backend, folder };
}

/** A configuration in front of that target. */
export const config = (target: string, more = '') =>
  `listen: 127.0.0.1:0\nsources: { protos: [api] }\nupstreams: { default: { target: '${target}' } }\n${more}`;

/** One file in a folder, and a configuration that names the folder. */
export function layPlain(folder: string, target: string): void {
  writeFileSync(join(folder, 'api/notes.proto'), proto('/v1/one/{id}'));
  writeFileSync(join(folder, 'protogate.yaml'), config(target));
}
