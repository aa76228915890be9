import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { loadPhrases } from '../app/phrases.ts';
import { Mistake } from '../domain/errors.ts';
import { plainText } from '../domain/message.ts';
import { DEFAULT_PROCESS, type ProcessDefinition, parseProcess } from '../domain/process.ts';
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
      withWiring(wire, async ({ processes, config }) => {
        const process = (await processes.current()) ?? DEFAULT_PROCESS;
        print(json ? JSON.stringify(process) : await timelineText(process, config.flowsDir));
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

async function timelineText(process: ProcessDefinition, flowsDir: string): Promise<string> {
  const language = process.languages[0] ?? 'en';
  const phrasesIn = await loadPhrases(path.join(flowsDir, 'chat.yaml'), process.languages);
  return plainText({ blocks: timelineBlocks(process, language, phrasesIn(language)) });
}

const print = (text: string) => void process.stdout.write(`${text}\n`);
