#!/usr/bin/env node
import { run } from './run.js';
import { wantsColours } from './terminal.js';

// A reader that has seen enough (`protogate routes | head`) closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await run(
  process.argv.slice(2),
  { listen: process.env.PROTOGATE_LISTEN },
  {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    interactive: process.stdout.isTTY === true,
    colours: wantsColours(process.stdout.isTTY === true, process.env),
  },
);
