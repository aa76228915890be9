import { CommanderError } from 'commander';
import { UserError } from '../../core/errors.ts';
import { program } from './program.ts';

/** Does what a command line says, and gives the code to end with. @throws whatever `failed` has words for */
export async function run(argv: string[]): Promise<number> {
  await (await program(argv)).parseAsync(argv, { from: 'user' });
  return Number(process.exitCode ?? 0);
}

/** Says what went wrong in a line, and gives the code for it. */
export async function failed(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UserError) process.stderr.write(`${error.message}\n`);
  else (await import('./fault.ts')).tellFault(error);
  return 1;
}
