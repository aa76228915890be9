import type { Command } from 'commander';
import { processMark } from '../../actions/agreed.ts';
import { NO_PROCESS } from '../../actions/process.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import { atTerminal } from '../../people/actor.ts';
import { lateWords } from '../../planning/publish.ts';
import type { TimelineNotice } from '../../planning/scheduledNotices.ts';
import { changeLine, type ProcessChange, processChanges } from '../../process/changes.ts';
import { brokenLink, type PublicTimeline, type RecordedTimeline, type Snapshot } from '../../process/publication.ts';
import { type ProcessVersion, publicIn } from '../../process/stored.ts';
import { ask, channelWords, type ProcessWiring, peopleWords, type Terminal } from './processParts.ts';
import { PROCESS_OPTION, processIdOf } from './whichProcess.ts';
import { AS, withWiring } from './wiring.ts';
import { callBack, clockTime, counted, fromNow, sentBy } from './words.ts';

interface Publish {
  yes?: boolean;
  json?: boolean;
  override?: string;
  as?: string;
}

/** `process publish` and `process history`. */
export function addPublicationCommands(group: Command, wire: () => Promise<ProcessWiring>, terminal: Terminal): void {
  group
    .command('publish')
    .description('make the timeline public and tell everybody, at least two weeks before the start')
    .option('--override <reason>', 'publish it though it is too late for that; kept in the record')
    .option('--as <member>', AS)
    .option('--yes', 'without asking')
    .option('--json', 'what was published as JSON')
    .action((options: Publish) => withWiring(wire, (wiring) => publish(wiring, options, terminal)));
  group
    .command('history')
    .description(
      'what was applied and made public when, what changed in it and who did it; whether the record is whole',
    )
    .option(...PROCESS_OPTION)
    .option('--json', 'every version and every timeline as JSON')
    .action((options: { process?: string; json?: boolean }) =>
      withWiring(wire, (wiring) => history(wiring, options, terminal)),
    );
}

async function publish(wiring: ProcessWiring, options: Publish, terminal: Terminal): Promise<void> {
  const { processes, holdSeconds } = wiring;
  const current = await processes.now();
  const { key, definition: process, closedAt } = current;
  if (closedAt !== null)
    throw new UserError(
      `${key} is closed: its timeline stays as it is. To begin the next process: ${commandLine('process apply FILE.yaml')}`,
    );
  if (process === null) throw new UserError(NO_PROCESS);
  const override = options.override?.trim();
  if (override === '')
    throw new UserError('--override: say the reason. It is kept in the record of what was public when.');
  const actor = atTerminal(options.as);
  const actions = await wiring.actions();
  await actions.expect(actor, 'process.publish');
  const publication = await wiring.views.publication(wiring.clock);
  const outlook = await publication.outlook(process);
  if (outlook.late && override === undefined) throw new UserError(lateWords(outlook.late));
  const aside = options.json ? terminal.stderr : terminal.stdout;
  if (outlook.changed) {
    const people = outlook.told.reduce((sum, one) => sum + one.people, 0);
    if (outlook.late) aside.write(`${lateWords(outlook.late).split('\n')[0]?.replace('NOT PUBLISHED', 'TOO LATE')}\n`);
    aside.write(
      `The timeline is told to ${peopleWords(people)}${channelWords(outlook.told)}, ${fromNow(holdSeconds)}.\n`,
    );
    if (!options.yes)
      await ask(`Publish, and tell ${peopleWords(people)}?`, aside, terminal, {
        refused: 'Nothing was published.',
        alone: 'Nothing was published: nobody is there to ask. Say --yes to publish.',
      });
  }
  const made = await actions.process.publish(actor, { override, shown: processMark(current) });
  const snapshot = made ?? (await publication.latest());
  if (snapshot === null) return;
  const { number, publishedAt, hash } = snapshot;
  const since = `public since ${clockTime(publishedAt, process.timeZone)}`;
  const notice = made && (await publication.teller(number));
  const words = made
    ? [`Timeline ${number} is ${since} (${hash.slice(0, 12)}).`, ...tellerLines(notice, process.timeZone)]
    : [`Nothing changes: this is timeline ${number}, ${since}.`];
  const told = made ? outlook.told : [];
  const outcome = { changed: made !== null, ...summary(snapshot), told, notice: notice?.id ?? null };
  terminal.stdout.write(`${options.json ? JSON.stringify(outcome) : words.join('\n')}\n`);
}

/** The notice that tells it, and the line that calls that back. */
export const tellerLines = (notice: Pick<TimelineNotice, 'id' | 'at'> | null, zone: string): string[] =>
  notice?.at
    ? [`Notice ${notice.id} tells it, from ${clockTime(notice.at, zone)} on.`, sentBy('it'), callBack('it', notice.id)]
    : [];

const summary = ({ number, publishedAt, override, by, before, hash }: Omit<Snapshot, 'definition'>) => ({
  ...{ number, publishedAt, override, by, before, hash },
});

async function history(
  { views, processes }: ProcessWiring,
  { process: key, json }: { process?: string; json?: boolean },
  { stdout }: Terminal,
): Promise<void> {
  const of = (await processIdOf(key, processes)) ?? (await processes.toReplace()).id;
  const chain = await (await views.timelines()).list();
  const broken = brokenLink(chain);
  const published = chain.filter(({ process }) => process === of).map(readable);
  const versions = await processes.versions(of);
  const zone = versions.findLast(({ definition }) => definition !== null)?.definition?.timeZone ?? 'UTC';
  if (json) {
    const applied = versions.map((one, index) => ({ ...one, changes: changesOf(one, versions[index - 1]) }));
    const timelines = published.map((one, index) => ({
      ...summary(one),
      changes: changesOf(one, published[index - 1]),
      definition: one.definition,
    }));
    stdout.write(`${JSON.stringify({ whole: broken === null, broken, applied, timelines })}\n`);
  } else stdout.write(`${[...appliedLines(versions, zone), ...publishedLines(published, broken, zone)].join('\n')}\n`);
  if (broken)
    throw new UserError(`THE RECORD IS BROKEN: ${broken}. A copy of the database from before shows what it was.`);
}

type Published = Omit<Snapshot, 'definition'> & { definition: PublicTimeline | null };
const readable = (record: RecordedTimeline): Published => ({ ...record, definition: publicIn(record.definition) });

type Defined = Pick<Published | ProcessVersion, 'definition'>;

/** What is another than before; nothing for the first, in which everything is new, and where one of both cannot be read. */
const changesOf = ({ definition }: Defined, before: Defined | undefined): ProcessChange[] =>
  before?.definition && definition ? processChanges(before.definition, definition) : [];

function changeLines(one: Defined, before: Defined | undefined): string[] {
  const { definition } = one;
  if (definition === null) return ['   it cannot be read: what changed in it is not known'];
  if (before === undefined) return [`   the first: ${partsOf(definition)}`];
  if (before.definition === null) return [`   after one that cannot be read: ${partsOf(definition)}`];
  return changesOf(one, before).map((change) => `   ${changeLine(change)}`);
}

function appliedLines(versions: readonly ProcessVersion[], zone: string): string[] {
  const lines = versions.flatMap((one, index) => [
    `${one.number}  ${clockTime(one.at, zone)}  by ${nameOf(one.by)}`,
    ...changeLines(one, versions[index - 1]),
  ]);
  return lines.length === 0 ? [] : ['Applied:', ...lines, ''];
}

function publishedLines(snapshots: readonly Published[], broken: string | null, zone: string): string[] {
  if (snapshots.length === 0) return ['Nothing was published yet.'];
  const lines = snapshots.flatMap((one, index) => [
    `${one.number}  ${clockTime(one.publishedAt, zone)}  by ${nameOf(one.by)}`,
    ...changeLines(one, snapshots[index - 1]),
    `   hash ${one.hash}`,
    ...(one.override ? [`   late, because: ${one.override}`] : []),
  ]);
  return ['Published:', ...lines, ...(broken === null ? ['The record is whole.'] : [])];
}

const nameOf = (by: string | null): string => by ?? 'somebody who did not say who';

function partsOf({ stages, events, questions, themes }: NonNullable<Defined['definition']>): string {
  const parts = [
    counted(stages.length, 'stage'),
    counted(events.length, 'event'),
    counted(questions.length, 'question'),
    counted(themes.length, 'theme'),
  ];
  return parts.join(', ');
}
