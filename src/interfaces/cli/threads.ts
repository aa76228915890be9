import type { Command } from 'commander';
import type { Actions } from '../../actions/actions.ts';
import type { Read } from '../../actions/reading.ts';
import type { ThreadDone } from '../../actions/threads.ts';
import type { Views } from '../../compose/views.ts';
import { attachmentWords } from '../../contributions/attachment.ts';
import { commandLine } from '../../core/commandLine.ts';
import { meant } from '../../core/didYouMean.ts';
import { UserError } from '../../core/errors.ts';
import { readReference } from '../../core/reference.ts';
import { shorten } from '../../core/split.ts';
import { languageName } from '../../core/texts.ts';
import { atTerminal } from '../../people/actor.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../process/process.ts';
import { foreignTo } from '../../responses/answerLanguages.ts';
import { answerIn } from '../../responses/sheet/sheet.ts';
import { THREAD_STATES, type Thread, type ThreadLine, type ThreadState } from '../../responses/thread.ts';
import { commandNamed } from './commands.ts';
import { ask, type Terminal } from './processParts.ts';
import { PROCESS_OPTION, type Processes, processNamed } from './whichProcess.ts';
import { AS, AS_READER, withWiring } from './wiring.ts';
import { clockTime, columns, harmless, printable } from './words.ts';

/** What these commands need of the running system. */
export interface ThreadsWiring {
  views: Pick<Views, 'threads'>;
  processes: Processes & { current(): Promise<ProcessDefinition | null> };
  actions(): Promise<Pick<Actions, 'threads' | 'expect'>>;
  /** Before anything is shown. @throws Refused for whoever may not read it */
  read: Read;
  close(): Promise<void>;
}

interface List {
  state?: string;
  all?: boolean;
  as?: string;
  process?: string;
  json?: boolean;
}

interface Doing {
  as?: string;
  yes?: boolean;
  json?: boolean;
}

/** `threads list|show|answer|hand|close`. */
export function addThreadsCommands(
  program: Command,
  wire: () => Promise<ThreadsWiring>,
  terminal: Terminal = process,
): void {
  const group = commandNamed(program, 'threads');
  const of = (work: (wiring: ThreadsWiring) => Promise<void>) => withWiring(wire, work);
  addReading(group, of, terminal);
  addAnswering(group, of, terminal);
}

type WithWiring = (work: (wiring: ThreadsWiring) => Promise<void>) => Promise<void>;

function addReading(group: Command, of: WithWiring, terminal: Terminal): void {
  group
    .command('list')
    .description('who waits for an answer, the longest due first')
    .option('--state <state>', `in this state instead of open: ${THREAD_STATES.join(', ')}`)
    .option('--all', 'in every state')
    .option('--as <member>', AS_READER)
    .option(...PROCESS_OPTION)
    .option('--json', 'an array of objects')
    .action((options: List) => of((wiring) => list(wiring, options, terminal)));
  group
    .command('show')
    .description('what was said in one of them')
    .argument('<reference>')
    .option('--as <member>', AS_READER)
    .option('--json', 'as JSON')
    .action((reference: string, options: Doing) => of((wiring) => show(wiring, reference, options, terminal)));
}

function addAnswering(group: Command, of: WithWiring, terminal: Terminal): void {
  group
    .command('answer')
    .description('answer in plain words; the person gets it below their own')
    .argument('<reference>')
    .argument('<text>')
    .option('--as <member>', AS)
    .option('--yes', 'without asking')
    .option('--json', 'as JSON')
    .action((reference: string, text: string, options: Doing) =>
      of((wiring) => answer(wiring, readReference(reference), text, options, terminal)),
    );
  group
    .command('hand')
    .description('another member answers it')
    .argument('<reference>')
    .requiredOption('--to <member>', 'who')
    .option('--as <member>', AS)
    .option('--json', 'as JSON')
    .action((reference: string, options: Doing & { to: string }) =>
      of((wiring) => hand(wiring, readReference(reference), options, terminal)),
    );
  group
    .command('close')
    .description('end it; whoever still waits is told')
    .argument('<reference>')
    .option('--as <member>', AS)
    .option('--yes', 'without asking')
    .option('--json', 'as JSON')
    .action((reference: string, options: Doing) =>
      of((wiring) => close(wiring, readReference(reference), options, terminal)),
    );
}

const say = ({ stdout }: Terminal, json: boolean | undefined, value: object, words: string): void =>
  void stdout.write(`${json ? JSON.stringify(value) : words}\n`);

async function list(wiring: ThreadsWiring, { state, all, as, json, ...of }: List, terminal: Terminal): Promise<void> {
  await wiring.read(atTerminal(as), 'threads.list');
  const named = await processNamed(of.process, wiring.processes);
  const wanted = all ? {} : { state: stateOf(state ?? 'open') };
  const lines = await (await wiring.views.threads()).list({ ...wanted, ...(named && { process: named.id }) });
  const zone = await zoneOf(wiring);
  const words =
    lines.length === 0 ? 'Nobody waits for an answer.' : columns(lines.map((line) => lineOf(line, zone))).join('\n');
  say(
    terminal,
    json,
    lines.map(({ id, ...line }) => line),
    words,
  );
}

const zoneOf = async ({ processes }: ThreadsWiring): Promise<string> =>
  ((await processes.current()) ?? DEFAULT_PROCESS).timeZone;

function stateOf(word: string): ThreadState {
  const state = THREAD_STATES.find((each) => each === word);
  if (state) return state;
  throw new UserError(`--state ${word}: there is no such state. ${meant(word, new Set(THREAD_STATES))}`);
}

const lineOf = (line: ThreadLine, zone: string): string[] => [
  ...[line.reference, line.state, line.kind, line.about ?? '', line.assigned ?? ''],
  `due ${clockTime(line.dueAt, zone).slice(0, 10)}`,
  shorten(printable(line.said), 60),
];

async function existing({ views }: ThreadsWiring, reference: string): Promise<Thread> {
  const thread = await (await views.threads()).find(reference);
  if (thread) return thread;
  throw new UserError(
    `There is no question ${reference}. \`${commandLine('threads list')}\` shows those that there are.`,
  );
}

async function show(wiring: ThreadsWiring, given: string, { as, json }: Doing, terminal: Terminal): Promise<void> {
  const reference = readReference(given);
  await wiring.read(atTerminal(as), 'threads.show', reference);
  const thread = await existing(wiring, reference);
  const { id, ...shown } = thread;
  say(terminal, json, shown, threadWords(thread, await zoneOf(wiring)));
}

function threadWords({ reference, kind, state, assigned, dueAt, about, messages }: Thread, zone: string): string {
  const whose = assigned === null ? '' : `, answered by ${assigned}`;
  const head = [
    `${reference}: a ${kind}, ${state}${whose}; due ${clockTime(dueAt, zone)}`,
    ...(about
      ? [`about ${about.reference} (${about.decision}): ${shorten(printable(about.text), 200)}`]
      : ['to the organizers']),
  ];
  const said = messages.map(({ by, text, attachments, at, earlier }) => {
    const files = attachments.length === 0 ? '' : ` [${attachmentWords(attachments)}]`;
    const before = earlier.map((words) => `\nbefore it was changed: ${harmless(words)}`).join('');
    return `${clockTime(at, zone)}  ${by ?? 'the person'}:${files}\n${harmless(text)}${before}`;
  });
  return [...head, '', said.join('\n\n')].join('\n');
}

const doneWords = ({ reference, reached }: ThreadDone, sent: string): string =>
  reached ? sent : `It is kept with ${reference}; its person cannot be reached now.`;

/** What is sent cannot be taken back: whoever sits at the terminal sees to whose words it is. */
async function answer(
  wiring: ThreadsWiring,
  reference: string,
  text: string,
  { as, yes, json }: Doing,
  terminal: Terminal,
): Promise<void> {
  const actor = atTerminal(as);
  const { messages, reads } = await existing(wiring, reference);
  const asked = messages.findLast(({ by }) => by === null)?.text ?? '';
  const actions = await wiring.actions();
  const aside = json ? terminal.stderr : terminal.stdout;
  if (!yes) {
    aside.write(`${harmless(asked)}\n\nYour answer:\n${harmless(text)}\n${await foreignLine(wiring, reads, text)}`);
    await ask('Send it?', aside, terminal, {
      refused: 'Nothing was sent.',
      alone: 'Nothing was sent: nobody is there to ask. Say --yes to send it.',
    });
  }
  const done = await actions.threads.answer(actor, reference, text);
  say(terminal, json, done, doneWords(done, `Your answer to ${reference} is on its way.`));
}

/** That the person does not read what it is written in. */
async function foreignLine({ processes }: ThreadsWiring, reads: string | null, text: string): Promise<string> {
  const { languages } = (await processes.current()) ?? DEFAULT_PROCESS;
  const foreign = await foreignTo(reads, text, languages);
  if (foreign === null) return '';
  const [own, other] = [languageName(answerIn(reads, languages), 'en'), languageName(foreign, 'en')];
  return `They read ${own}; your answer is in ${other}, and is marked so for them.\n`;
}

async function hand(
  wiring: ThreadsWiring,
  reference: string,
  { as, to, json }: Doing & { to: string },
  terminal: Terminal,
): Promise<void> {
  const { threads } = await wiring.actions();
  const handed = await threads.handOver(atTerminal(as), reference, to);
  say(terminal, json, handed, `${handed.to} answers ${handed.reference} now, and is told in the chat.`);
}

async function close(
  wiring: ThreadsWiring,
  reference: string,
  { as, yes, json }: Doing,
  terminal: Terminal,
): Promise<void> {
  const { state } = await existing(wiring, reference);
  const aside = json ? terminal.stderr : terminal.stdout;
  if (!yes && state === 'open')
    await ask(`Nobody has answered ${reference}. Close it all the same?`, aside, terminal, {
      refused: 'Nothing was closed.',
      alone: 'Nothing was closed: nobody is there to ask. Say --yes to close it.',
    });
  const done = await (await wiring.actions()).threads.close(atTerminal(as), reference);
  say(terminal, json, done, `${reference} is closed.`);
}
