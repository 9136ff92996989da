// Puts what is data, not TypeScript, where the built code looks for it: the vendored protos and the examples' own.
import { chmodSync, cpSync } from 'node:fs';

const isAsset = (source) => !/\.ts$/.test(source);
for (const folder of ['google', 'third_party']) cpSync(`proto/${folder}`, `dist/proto/${folder}`, { recursive: true });
cpSync('examples', 'dist/examples', { recursive: true, filter: isAsset });
chmodSync('dist/gateway/cli/main.js', 0o755);
