#!/usr/bin/env node
import { endWith } from './ending.ts';
import { failed, run } from './run.ts';

/** Where the reader has seen enough (`| head`), the command finishes what it does without words. */
function withoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

for (const stream of [process.stdout, process.stderr]) stream.on('error', withoutReader);
await endWith(() => run(process.argv.slice(2)), failed);
