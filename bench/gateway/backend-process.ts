import { fileURLToPath } from 'node:url';
import { freePort, OTHER_CORES, type Running, start } from './process.js';
import { findTool, goBackend } from './tools.js';

/** The gRPC server behind all gateways. */
export interface Backend {
  readonly name: string;
  readonly port: number;
  readonly process: Running;
}

/** Starts the backend: in Go if that can be had, which is faster than the gateways, else on grpc-js. `folder`: its replies. */
export async function startBackend(folder: string, build: boolean): Promise<Backend> {
  const port = await freePort();
  const go = findTool(goBackend, build);
  if (typeof go !== 'string') {
    const args = ['-listen', `127.0.0.1:${port}`, '-replies', folder];
    return { name: `grpc-go ${go.version} behind`, port, process: start({ file: go.file, args }, OTHER_CORES) };
  }
  console.error(`${go}; grpc-js serves instead, which may be slower than the gateways`);
  const script = fileURLToPath(new URL('backend.js', import.meta.url));
  return { name: 'grpc-js behind', port, process: start({ file: process.execPath, args: [script, `${port}`, folder] }, OTHER_CORES) };
}
