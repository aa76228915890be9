import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Mistake } from '../domain/errors.ts';
import { plainText } from '../domain/message.ts';
import { DEFAULT_PROCESS, parseProcess } from '../domain/process.ts';
import { timelineBlocks } from '../domain/timeline.ts';
import { withWiring } from './contributions.ts';
import type { Wiring } from './main.ts';

/** `process show` and `process apply`. */
export function addProcessCommands(program: Command, wire: () => Promise<Wiring>): void {
  const group = program.command('process').description('the process: stages, events, questions, themes');
  group
    .command('show')
    .option('--json', 'the definition as JSON')
    .action(({ json = false }: { json?: boolean }) =>
      withWiring(wire, async ({ processes }) => {
        const process = (await processes.current()) ?? DEFAULT_PROCESS;
        const language = process.languages[0] ?? 'en';
        print(json ? JSON.stringify(process) : plainText({ blocks: timelineBlocks(process, language) }));
      }),
    );
  group
    .command('apply')
    .argument('<file>')
    .option('--yes', 'without asking')
    .option('--json', 'the outcome as JSON')
    .action((file: string, { json = false }: { json?: boolean }) =>
      withWiring(wire, async ({ processes }) => {
        const text = await readFile(file, 'utf8').catch(() => {
          throw new Mistake(`${file} cannot be read. Name a process file; flows/example.process.yaml is one.`);
        });
        const changed = await processes.apply(parseProcess(text, file));
        print(json ? JSON.stringify({ changed }) : changed ? 'The process is applied.' : 'Nothing has changed.');
      }),
    );
}

const print = (text: string) => void process.stdout.write(`${text}\n`);
