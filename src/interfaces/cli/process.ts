import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { Command } from 'commander';
import { processMark } from '../../actions/agreed.ts';
import { readMessages } from '../../conversation/flow/source/catalog.ts';
import { leavingWarnings } from '../../conversation/flow/stopWords.ts';
import { UserError } from '../../core/errors.ts';
import { loadPhrases } from '../../core/loadPhrases.ts';
import { plainText } from '../../core/message.ts';
import { atTerminal } from '../../people/actor.ts';
import { lateWords, type Outlook } from '../../planning/publish.ts';
import { changeLine, processChanges } from '../../process/changes.ts';
import { applying } from '../../process/next.ts';
import { DEFAULT_PROCESS, type ProcessDefinition, readProcess } from '../../process/process.ts';
import { wholeTimeline } from '../../process/timeline.ts';
import { commandNamed } from './commands.ts';
import { addFinalizeCommand } from './finalize.ts';
import { addClosingCommands } from './processClose.ts';
import { ask, channelWords, type ProcessWiring, peopleWords, type Terminal } from './processParts.ts';
import { addPublicationCommands, tellerLines } from './publication.ts';
import { AS, withWiring } from './wiring.ts';
import { counted, fromNow } from './words.ts';

interface Options {
  yes?: boolean;
  json?: boolean;
  override?: string;
  as?: string;
}

/** `process show`, `list`, `apply`, `publish`, `finalize`, `close` and `history`. */
export function addProcessCommands(
  program: Command,
  wire: () => Promise<ProcessWiring>,
  terminal: Terminal = process,
): void {
  const group = commandNamed(program, 'process');
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
    .option('--override <reason>', 'where a published start moves closer than two weeks; kept in the record')
    .option('--as <member>', AS)
    .option('--json', 'what changes as JSON')
    .action(async (file: string, options: Options) => {
      const text = await textOf(file);
      const read = readProcess(text, file);
      for (const warning of read.warnings) terminal.stderr.write(`${warning}\n`);
      await withWiring(wire, async (wiring) => {
        const messages = await readMessages(wiring.flowsDir);
        for (const warning of leavingWarnings(messages, read.process.languages))
          terminal.stderr.write(`warning: ${warning}\n`);
        // What it names outside itself is known only now.
        if (read.process.stages.some(({ flow }) => flow !== undefined)) readProcess(text, file, await wiring.targets());
        await apply(read.process, wiring, options, terminal);
      });
    });
  addPublicationCommands(group, wire, terminal);
  addFinalizeCommand(group, wire, terminal);
  addClosingCommands(group, wire, terminal);
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
  return plainText({ blocks: wholeTimeline(process, { language, phrases: phrasesIn(language), now }) });
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => {
    throw new UserError(`${file} cannot be read. Name a process file; flows/example.process.yaml is one.`);
  });
  return bytes.toString('utf8');
}

async function apply(
  definition: ProcessDefinition,
  wiring: ProcessWiring,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { processes } = wiring;
  const { yes, json, override } = options;
  const current = await processes.toReplace();
  const keys = (await processes.list()).flatMap(({ key }) => key ?? []);
  const { key, opens } = applying(definition, current, keys);
  const before = opens ? null : current.definition;
  const changes = processChanges(before, definition);
  const publication = await wiring.views.publication(wiring.clock);
  const actor = atTerminal(options.as);
  const actions = await wiring.actions();
  await actions.expect(actor, 'process.apply');
  // While the timeline is not public, there is nobody to tell.
  const outlook = !opens && (await publication.latest()) ? await publication.outlook(definition) : null;
  if (outlook?.late && !override) throw new UserError(lateWords(outlook.late, 'APPLIED'));
  const told = toldLines(outlook, wiring.holdSeconds);
  // Everything but the JSON goes to stderr.
  const aside = json ? terminal.stderr : terminal.stdout;
  const changed = changes.length > 0 || outlook?.changed === true;
  if (changed) {
    const next = opens && current.key !== null ? [`${current.key} is closed. The next process begins: ${key}`] : [];
    aside.write(`${[...next, ...changes.map(changeLine), ...told].join('\n')}\n`);
    if (!yes) await agree(changes.length, aside, terminal);
  }
  const made = changed
    ? await actions.process.apply(actor, definition, { override, shown: processMark(current) })
    : null;
  const published = made && (await publication.teller(made.number));
  const timeline = outlook && ((await publication.latest())?.number ?? null);
  const outcome = {
    process: key,
    changed,
    changes,
    ...(outlook && { told: outlook.told, timeline, notice: published?.id ?? null }),
  };
  const words = changed
    ? ['The process is applied.', ...tellerLines(published, definition.timeZone)]
    : ['Nothing changes.'];
  terminal.stdout.write(`${json ? JSON.stringify(outcome) : words.join('\n')}\n`);
}

/** What people will be told of it, and how many. */
function toldLines(outlook: Outlook | null, holdSeconds: number): string[] {
  if (!outlook?.changed) return [];
  const { changes, told } = outlook;
  const people = told.reduce((sum, one) => sum + one.people, 0);
  if (changes.length === 0) return ['The published timeline is replaced. No date moves: nobody is told.'];
  return [
    `${counted(changes.length, 'change')} in the published timeline: ${peopleWords(people)} will be told${channelWords(told)}, ${fromNow(holdSeconds)}.`,
  ];
}

/** @throws UserError when nobody is there to ask, or the answer is no. */
async function agree(changes: number, output: Writable, terminal: Terminal): Promise<void> {
  const message = changes === 1 ? 'Apply this change?' : `Apply these ${changes} changes?`;
  await ask(message, output, terminal, {
    refused: 'Nothing was applied.',
    alone: 'Nothing was applied: nobody is there to ask. Say --yes to apply these changes.',
  });
}
