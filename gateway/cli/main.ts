#!/usr/bin/env node
import { run } from './run.js';
import { passedSockets } from './sockets.js';
import { wantsColours } from './terminal.js';

// A reader that has seen enough (`protogate routes | head`) closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const { LISTEN_FDS, LISTEN_PID } = process.env;
// They are for nobody else.
delete process.env.LISTEN_FDS;
delete process.env.LISTEN_PID;

process.exitCode = await run(
  process.argv.slice(2),
  { listen: process.env.PROTOGATE_LISTEN, sockets: passedSockets(LISTEN_FDS, LISTEN_PID, process.pid) },
  {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    interactive: process.stdout.isTTY === true,
    colours: wantsColours(process.stdout.isTTY === true, process.env),
  },
);
