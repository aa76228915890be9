import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { confirm } from '@clack/prompts';
import type { Command } from 'commander';
import { loadPhrases } from '../app/phrases.ts';
import type { Clock } from '../domain/clock.ts';
import { Mistake } from '../domain/errors.ts';
import { plainText } from '../domain/message.ts';
import { DEFAULT_PROCESS, type ProcessDefinition, readProcess } from '../domain/process.ts';
import { changeLine, processChanges } from '../domain/processChanges.ts';
import { timelineBlocks } from '../domain/timeline.ts';
import { withWiring } from './contributions.ts';

/** What these commands need of the running system. */
export interface ProcessWiring {
  processes: { current(): Promise<ProcessDefinition | null>; apply(definition: ProcessDefinition): Promise<boolean> };
  clock: Clock;
  flowsDir: string;
  close(): Promise<void>;
}

/** Where a command is spoken to, and speaks. */
export interface Terminal {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable;
}

interface Options {
  yes?: boolean;
  json?: boolean;
}

/** `process show` and `process apply`. */
export function addProcessCommands(
  program: Command,
  wire: () => Promise<ProcessWiring>,
  terminal: Terminal = process,
): void {
  const group = program.command('process').description('the process: stages, events, questions, themes');
  group
    .command('show')
    .description('the timeline as people read it now')
    .option('--json', 'the definition as JSON')
    .action((options: Options) => withWiring(wire, (wiring) => show(wiring, options, terminal)));
  group
    .command('apply')
    .description('make a process file the process: says what changes, and asks')
    .argument('<file>')
    .option('--yes', 'without asking')
    .option('--json', 'what changes as JSON')
    .action(async (file: string, options: Options) => {
      const read = await readFileOf(file);
      for (const warning of read.warnings) terminal.stderr.write(`${warning}\n`);
      await withWiring(wire, (wiring) => apply(read.process, wiring, options, terminal));
    });
}

async function show(
  { processes, clock, flowsDir }: ProcessWiring,
  { json }: Options,
  { stdout }: Terminal,
): Promise<void> {
  const current = (await processes.current()) ?? DEFAULT_PROCESS;
  stdout.write(`${json ? JSON.stringify(current) : await timelineText(current, flowsDir, clock())}\n`);
}

async function timelineText(process: ProcessDefinition, flowsDir: string, now: number): Promise<string> {
  const language = process.languages[0] ?? 'en';
  const phrasesIn = await loadPhrases(path.join(flowsDir, 'chat.yaml'), process.languages);
  return plainText({ blocks: timelineBlocks(process, language, phrasesIn(language), now) });
}

async function readFileOf(file: string): Promise<ReturnType<typeof readProcess>> {
  const bytes = await readFile(file).catch(() => {
    throw new Mistake(`${file} cannot be read. Name a process file; flows/example.process.yaml is one.`);
  });
  return readProcess(bytes.toString('utf8'), file);
}

async function apply(
  definition: ProcessDefinition,
  { processes }: ProcessWiring,
  { yes, json }: Options,
  terminal: Terminal,
): Promise<void> {
  const changes = processChanges(await processes.current(), definition);
  // What is said beside the JSON goes where it does not spoil it.
  const aside = json ? terminal.stderr : terminal.stdout;
  if (changes.length > 0) {
    aside.write(`${changes.map(changeLine).join('\n')}\n`);
    if (!yes) await agree(changes.length, aside, terminal);
    await processes.apply(definition);
  }
  const outcome = { changed: changes.length > 0, changes };
  const words = outcome.changed ? 'The process is applied.' : 'Nothing changes.';
  terminal.stdout.write(`${json ? JSON.stringify(outcome) : words}\n`);
}

/** @throws Mistake when nobody is there to ask, or the answer is no. */
async function agree(changes: number, output: Writable, { stdin, stdout }: Terminal): Promise<void> {
  if (!stdin.isTTY || !stdout.isTTY)
    throw new Mistake('Nothing was applied: nobody is there to ask. Say --yes to apply these changes.');
  const message = changes === 1 ? 'Apply this change?' : `Apply these ${changes} changes?`;
  if ((await confirm({ message, input: stdin, output })) !== true) throw new Mistake('Nothing was applied.');
}
