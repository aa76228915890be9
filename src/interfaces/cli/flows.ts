import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { mermaid } from '../../conversation/flow/diagram.ts';
import { type FlowsReading, openFlowRegistry, readFlows } from '../../conversation/flow/source/load.ts';
import { passagesIn, type ReadingEase, readingEase } from '../../conversation/flow/source/readingEase.ts';
import type { Flow } from '../../conversation/flow/source/schema.ts';
import { commandLine } from '../../core/commandLine.ts';
import { meant } from '../../core/didYouMean.ts';
import { UserError } from '../../core/errors.ts';
import { loadPhrases } from '../../core/loadPhrases.ts';
import { type Problem, problemLine } from '../../core/problem.ts';
import { DEFAULT_PROCESS, type ProcessDefinition, parseProcess } from '../../process/process.ts';
import { commandNamed } from './commands.ts';
import { createPlay } from './play.ts';
import { recorder } from './recorder.ts';
import { talkInTerminal } from './terminal.ts';

/** `flows check`, `flows diagram` and `flows play`. */
export function addFlowsCommands(program: Command): void {
  const flows = commandNamed(program, 'flows');
  flows
    .command('check')
    .argument('[flow]', 'what is wrong with one flow; everything when left out')
    .description('shape, graph, references, translations, platform limits')
    .option('--json', 'an array of problems')
    .action(check);
  flows
    .command('diagram')
    .argument('[flow]', 'one flow; all when left out')
    .option('--lang <language>', 'language of the labels; the first of each flow when left out')
    .description('Mermaid, to paste into a page')
    .action(diagram);
  flows
    .command('play')
    .argument('<flow>')
    .option('--lang <language>', 'language of the person; the first of the flow when left out')
    .option('--given <name=value...>', 'answers that the flow begins with')
    .option('--record <file>', 'write the conversation down, as test/conversations has them')
    .description('talk to a flow in the terminal; nothing is kept')
    .action(playFlow);
}

async function check(only: string | undefined, { json = false }: { json?: boolean }): Promise<void> {
  const reading = await readFlows(readConfig().flowsDir);
  const problems = only === undefined ? reading.problems : problemsOf(reading, only);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  if (json) print(JSON.stringify(problems));
  else {
    for (const problem of problems) print(problemLine(problem));
    const looked = only === undefined ? counted(reading.sources.length, 'flow') : `Flow "${only}"`;
    print(`${looked}, ${counted(errors, 'error')}, ${counted(problems.length - errors, 'warning')}.`);
    if (only === undefined) print(easeWords(readingEase(passagesIn(reading))));
  }
  if (errors > 0) process.exitCode = 1;
}

/** Hints for the author: nothing here is wrong. */
function easeWords(read: readonly ReadingEase[]): string {
  const hints = read.flatMap(({ language, hard }) =>
    hard.map(({ place, ease }) => `${place}: hint: ${ease} in ${language}. Shorter sentences and words are easier.`),
  );
  const figures = read.map(({ language, ease }) => `${language} ${ease}`).join(', ');
  return [...hints, `Reading ease, from 100 (very easy) down; plain words are at 60: ${figures}.`].join('\n');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Also of a flow whose file cannot be read: by the name of the file. */
function problemsOf({ sources, problems }: FlowsReading, only: string): Problem[] {
  const files = new Set(sources.filter(({ flow }) => flow.flow === only).map(({ file }) => file));
  const its = problems.filter(({ file }) => files.has(file) || path.basename(file) === `${only}.flow.yaml`);
  if (files.size === 0 && its.length === 0)
    throw unknownFlow(
      only,
      sources.map(({ flow }) => flow),
    );
  return its;
}

async function diagram(only: string | undefined, { lang }: { lang?: string }): Promise<void> {
  const { sources } = await readFlows(readConfig().flowsDir);
  const flows = sources.map(({ flow }) => flow);
  const wanted = only === undefined ? flows : [flowNamed(flows, only)];
  for (const flow of wanted) {
    if (only !== undefined && lang !== undefined) languageOf(flow, lang);
    print(mermaid(flow, lang));
  }
}

interface PlayOptions {
  lang?: string;
  given?: string[];
  record?: string;
}

async function playFlow(id: string, { lang, given = [], record }: PlayOptions): Promise<void> {
  const { flowsDir } = readConfig();
  const registry = await openFlowRegistry(flowsDir);
  const flow = flowNamed(registry.flows, id);
  const language = languageOf(flow, lang);
  const process = await exampleProcess(flowsDir);
  const phrasesIn = await loadPhrases(path.join(flowsDir, 'chat.yaml'), process.languages);
  const heard = record === undefined ? undefined : recorder({ file: record, flow, language });
  await talkInTerminal(createPlay({ registry, flow, language, process, phrasesIn, given: answersIn(given), heard }));
}

function flowNamed(flows: readonly Flow[], id: string): Flow {
  const found = flows.find(({ flow }) => flow === id);
  if (!found) throw unknownFlow(id, flows);
  return found;
}

const unknownFlow = (id: string, flows: readonly Flow[]): UserError => {
  const names = flows.map(({ flow }) => flow);
  return new UserError(
    `There is no flow "${id}" that can be read. ${meant(id, names)} See: ${commandLine('flows check')}`,
  );
};

function languageOf(flow: Flow, wish: string | undefined): string {
  const language = wish ?? flow.languages[0] ?? 'en';
  if (flow.languages.includes(language)) return language;
  throw new UserError(
    `--lang: "${flow.flow}" is not written in "${language}". It speaks ${flow.languages.join(', ')}.`,
  );
}

/** The process to rehearse with, where there is one beside the flows. */
async function exampleProcess(folder: string): Promise<ProcessDefinition> {
  const file = path.join(folder, 'example.process.yaml');
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? DEFAULT_PROCESS : parseProcess(text, file);
}

function answersIn(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      if (name === '' || value.length === 0)
        throw new UserError(`--given ${pair}: write a name and a value, as in reply=clear.`);
      return [name, value.join('=')];
    }),
  );
}

const print = (text: string) => void process.stdout.write(`${text}\n`);
