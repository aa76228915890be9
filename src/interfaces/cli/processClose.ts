import type { Command } from 'commander';
import { ledger } from '../../contributions/ledger.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import { textFor } from '../../core/texts.ts';
import { atTerminal } from '../../people/actor.ts';
import type { Closing } from '../../process/stored.ts';
import { ask, type ProcessWiring, peopleWords, type Terminal } from './processParts.ts';
import { proposalsWaiting, proposedWords } from './proposals.ts';
import { AS, withWiring } from './wiring.ts';
import { clockTime, columns, counted, waitingWords } from './words.ts';

interface Close {
  as?: string;
  yes?: boolean;
  json?: boolean;
}

/** `process close` and `process list`. */
export function addClosingCommands(group: Command, wire: () => Promise<ProcessWiring>, terminal: Terminal): void {
  group
    .command('close')
    .description(
      'end the process, whatever is owed, so that the next can be applied; answers to it can still be given, and `process finalize` says when all are',
    )
    .option('--as <member>', AS)
    .option('--yes', 'without asking')
    .option('--json', 'what was closed as JSON')
    .action((options: Close) => withWiring(wire, (wiring) => close(wiring, options, terminal)));
  group
    .command('list')
    .description('every process of this installation, the oldest first')
    .option('--json', 'an array of objects')
    .action((options: { json?: boolean }) => withWiring(wire, (wiring) => list(wiring, options, terminal)));
}

/** @throws UserError when none is open */
async function close(wiring: ProcessWiring, { as, yes, json }: Close, terminal: Terminal): Promise<void> {
  const { processes } = wiring;
  const { id, key, closedAt } = await processes.now();
  if (key === null || closedAt !== null)
    throw new UserError(`No process is open. To begin one: ${commandLine('process apply FILE.yaml')}`);
  const actor = atTerminal(as);
  const actions = await wiring.actions();
  await actions.expect(actor, 'process.close');
  const comes = await processes.closing(id);
  const waits = await waiting(wiring, id);
  const aside = json ? terminal.stderr : terminal.stdout;
  aside.write(`${[...closingLines(key, comes), ...waitingLines(key, waits)].join('\n')}\n`);
  if (!yes)
    await ask(`Close ${key}?`, aside, terminal, {
      refused: 'Nothing was closed.',
      alone: 'Nothing was closed: nobody is there to ask. Say --yes to close it.',
    });
  const { owed, threads, proposals } = waits;
  const left = { owed, unanswered: threads.open, proposed: proposals.proposed };
  await actions.process.close(actor, id, key, left);
  const closed = { process: key, ...comes, ...left };
  terminal.stdout.write(json ? `${JSON.stringify(closed)}\n` : `${closedLines(key, comes).join('\n')}\n`);
}

/** What the forum or the organizers still have to do. */
async function waiting({ views, processes }: ProcessWiring, process: number) {
  const threads = await (await views.threads()).counts(process);
  const { owing: owed } = ledger(await (await views.contributions()).counts(process));
  return { owed, threads, proposals: await proposalsWaiting({ views, processes }, process) };
}

/** What closing it will do. */
function closingLines(key: string, { speaking, notices }: Closing): string[] {
  const unbegun = counted(notices, 'notice that has not begun', 'notices that have not begun');
  return [
    `${key} will end for good: nothing new will be taken in for it.`,
    ...(speaking > 0
      ? [`${peopleWords(speaking)} in the middle of something will be told; what they gave is kept.`]
      : []),
    ...(notices > 0 ? [`${unbegun} will not go out.`] : []),
  ];
}

/** What closing it has done. */
function closedLines(key: string, { speaking, notices }: Closing): string[] {
  const told = `${peopleWords(speaking)} who ${speaking === 1 ? 'was' : 'were'} in the middle of something`;
  return [
    `${key} is closed.`,
    ...(notices > 0 ? [`${counted(notices, 'notice has', 'notices have')} been cancelled.`] : []),
    ...(speaking > 0
      ? [`The service tells ${told}; if it is not running, it does so when it starts: ${commandLine('start')}`]
      : []),
    `To begin the next process: ${commandLine('process apply FILE.yaml')}`,
  ];
}

/** What does not end with the process, so that nobody takes it for done. */
function waitingLines(key: string, { owed, threads, proposals }: Awaited<ReturnType<typeof waiting>>): string[] {
  const still = counted(owed, 'contribution is still owed something', 'contributions are still owed something');
  return [
    ...(owed > 0 ? [`${still}; answers go out with ${commandLine(`responses release --process ${key}`)}`] : []),
    ...proposedWords(proposals),
    ...waitingWords(threads, `threads list --process ${key}`),
  ];
}

const day = (at: Date): string => clockTime(at, 'UTC').slice(0, 10);

async function list({ processes }: ProcessWiring, { json }: { json?: boolean }, { stdout }: Terminal): Promise<void> {
  const all = (await processes.list()).map(({ key, name, openedAt, closedAt, contributions }) => ({
    ...{ id: key, name, openedAt, closedAt, contributions },
  }));
  if (json) return void stdout.write(`${JSON.stringify(all)}\n`);
  const rows = all.map(({ id, name, openedAt, closedAt, contributions }) => [
    id ?? '',
    closedAt === null ? 'open' : `closed on ${day(closedAt)}`,
    `since ${day(openedAt)}`,
    counted(contributions, 'contribution'),
    textFor(name, 'en'),
  ]);
  const none = `None is applied. To begin one: ${commandLine('process apply FILE.yaml')}`;
  stdout.write(`${rows.length === 0 ? none : columns(rows).join('\n')}\n`);
}
