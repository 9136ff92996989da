// Puts what is data, not TypeScript, where the built code looks for it: the vendored official protos and the examples' own.
import { chmodSync, cpSync } from 'node:fs';

const isAsset = (source) => !/\.ts$/.test(source);
cpSync('proto/google', 'dist/proto/google', { recursive: true });
cpSync('examples', 'dist/examples', { recursive: true, filter: isAsset });
chmodSync('dist/gateway/cli/main.js', 0o755);
