#!/usr/bin/env node
import { CommanderError } from 'commander';
import { Mistake } from '../domain/errors.ts';
import { endWith } from './ending.ts';
import { program } from './program.ts';

/** Where the reader has seen enough (`| head`), the command finishes what it does without words. */
function withoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function run(argv: string[]): Promise<number> {
  await (await program(argv)).parseAsync(argv, { from: 'user' });
  return Number(process.exitCode ?? 0);
}

/** Says what went wrong in a line, and gives the code for it. */
async function failed(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Mistake) process.stderr.write(`${error.message}\n`);
  else (await import('./fault.ts')).tellFault(error);
  return 1;
}

for (const stream of [process.stdout, process.stderr]) stream.on('error', withoutReader);
await endWith(() => run(process.argv.slice(2)), failed);
