import type { Command } from 'commander';
import { EXAMPLES } from '../../../channels/registry.ts';
import { commandLine } from '../../../core/commandLine.ts';
import { UserError } from '../../../core/errors.ts';
import { isMadeForEach } from '../../../notices/kinds.ts';
import type { NoticeChange } from '../../../notices/notice.ts';
import { atTerminal } from '../../../people/actor.ts';
import { commandNamed } from '../commands.ts';
import type { Terminal } from '../processParts.ts';
import { PROCESS_OPTION, processIdOf } from '../whichProcess.ts';
import { AS, withWiring } from '../wiring.ts';
import { unsent } from '../words.ts';
import { type CalendarOptions, calendar, weeksIn } from './calendar.ts';
import { type CreateOptions, create } from './create.ts';
import { edit, recall } from './edit.ts';
import { explanation, explanationText } from './explain.ts';
import { previewText } from './preview.ts';
import { repeat } from './repeat.ts';
import { type ReportOptions, report } from './report.ts';
import { type RetryOptions, retry } from './retry.ts';
import { type ScheduleOptions, schedule } from './schedule.ts';
import { fullStatus, statusLines, statusText } from './status.ts';
import { uncertain } from './uncertain.ts';
import { viewOf } from './view.ts';
import { watchNotice } from './watch.ts';
import { type Doing, type Json, type NoticesContext, type NoticesWiring, whomOf } from './wiring.ts';

/** `notices create|preview|test|schedule|calendar|status|approve|pause|resume|cancel|edit|recall|repeat|uncertain|retry|report`. */
export function addNoticesCommands(
  program: Command,
  wire: () => Promise<NoticesWiring>,
  terminal: Terminal = process,
): void {
  const group = commandNamed(program, 'notices');
  const print = (text: string) => void terminal.stdout.write(`${text}\n`);
  const reading: Adder['reading'] = (name, description) =>
    group.command(name).description(description).option('--json', 'as JSON');
  const adder: Adder = {
    reading,
    changing: (name, description) => reading(name, description).option('--as <member>', AS),
    of: (work) => withWiring(async (): Promise<NoticesContext> => ({ ...(await wire()), terminal, print }), work),
  };
  for (const add of [addWriting, addLooking, addSteering, addFollowing]) add(adder);
}

/** How a command is added to the group. */
interface Adder {
  reading(name: string, description: string): Command;
  /** One that changes something: it can be said who does it. */
  changing(name: string, description: string): Command;
  of(work: (context: NoticesContext) => Promise<void>): Promise<void>;
}

/** What is done before a notice goes. */
function addWriting({ reading, changing, of }: Adder): void {
  changing('create', 'take in a notice file as a draft')
    .argument('<file>')
    .option('--explain', EXPLAIN)
    .action((file: string, options: CreateOptions) => of((context) => create(context, file, options)));
  reading('preview', 'as each platform will show it, and whom it would reach')
    .argument('<id>')
    .option('--explain', EXPLAIN)
    .action((id: string, options: Json & { explain?: boolean }) => of((context) => preview(context, id, options)));
  changing('test', 'send it to yourself, at once, marked as a test')
    .argument('<id>')
    .requiredOption('--to <who>', `${[...EXAMPLES.values()].join(', ')}, or a member, in every chat of theirs`)
    .action((id: string, options: Doing & { to: string }) => of((context) => test(context, id, options)));
  changing('schedule', 'send it: now, or at a moment')
    .argument('<id>')
    .option('--at <local>', 'local date and time, for example 2027-03-28T09:00; now when left out')
    .option('--zone <zone>', 'time zone of --at; that of the process when left out')
    .option('--yes', 'without typing how many get it')
    .action((id: string, options: ScheduleOptions) => of((context) => schedule(context, id, options)));
}

/** How notices stand. */
function addLooking({ reading, of }: Adder): void {
  reading('calendar', 'everything that will go out, with its words, its time and whom it is for')
    .option('--weeks <n>', 'how many weeks ahead', weeksIn, 4)
    .option(...PROCESS_OPTION)
    .action((options: CalendarOptions) => of((context) => calendar(context, options)));
  reading('status', 'how far it has come; all notices when left out')
    .argument('[id]')
    .option('--watch', 'until it is over')
    .option(...PROCESS_OPTION)
    .action((id: string | undefined, options: StatusOptions) => of((context) => status(context, id, options)));
}

/** What is done to a notice that is on its way, or out. */
function addSteering({ changing, of }: Adder): void {
  changing('approve', "a second member's word, without which a notice to many does not begin")
    .argument('<id>')
    .action((id: string, options: Doing) => of((context) => approve(context, id, options)));
  const changes = { pause: 'stop sending for now', resume: 'go on', cancel: 'send nothing more of it' } as const;
  for (const [change, description] of Object.entries(changes))
    changing(change, description)
      .argument('<id>')
      .action((id: string, options: Doing) => of((context) => changed(context, id, change as NoticeChange, options)));
  changing('edit', 'correct its words, also where it has arrived')
    .argument('<id>')
    .argument('<file>', 'the notice file with other texts and labels')
    .option('--yes', 'without typing how many messages change')
    .action((id: string, file: string, options: Doing & { yes?: boolean }) =>
      of((context) => edit(context, id, file, options)),
    );
  changing('recall', 'take back what can be taken back, and send nothing more of it')
    .argument('<id>')
    .option('--yes', 'without typing how many messages are taken back')
    .action((id: string, options: Doing & { yes?: boolean }) => of((context) => recall(context, id, options)));
}

/** What comes after. */
function addFollowing({ changing, of }: Adder): void {
  changing('repeat', 'the same words once more, as a draft')
    .argument('<id>')
    .requiredOption('--unanswered', 'to those who had it and have not answered')
    .action((id: string, options: Doing) => of((context) => repeat(context, id, options)));
  changing('uncertain', 'who may or may not have had it; without an id, whose replies are in doubt')
    .argument('[id]')
    .action((id: string | undefined, options: Doing) => of((context) => uncertain(context, id, options)));
  changing('retry', 'send what failed or is in doubt once more')
    .argument('<id>')
    .option('--failed', 'only what failed')
    .option('--uncertain', 'only what is in doubt: it may arrive twice')
    .option('--reason <reasons...>', 'only what did not arrive for these reasons')
    .option('--yes', 'without typing how many are sent again')
    .action((id: string, options: RetryOptions) => of((context) => retry(context, id, options)));
  changing('report', 'afterwards: who had it and who answered, by language, group, channel and source')
    .argument('<id>')
    .option('--csv', 'as a table with exact numbers')
    .action((id: string, options: ReportOptions) => of((context) => report(context, id, options)));
}

const EXPLAIN = 'in plain words, whom it reaches and how many they are now';

async function preview(
  context: NoticesContext,
  id: string,
  { json, explain }: Json & { explain?: boolean },
): Promise<void> {
  if (explain) {
    const explained = await explanation(context, id);
    return context.print(json ? JSON.stringify({ id, ...explained }) : explanationText({ id }, explained));
  }
  const found = await context.records.preview(id);
  if (isMadeForEach(found.notice.kind))
    throw new UserError(`Notice ${id} is written for each reader as it goes: there is nothing to see before.`);
  const whom = await whomOf(context, found.notice);
  const seen = { ...found, whom, samples: await context.samples(found.notice) };
  const [moment, commands, phrasesIn] = await Promise.all([context.moment(), context.commands(), context.phrasesIn()]);
  const view = viewOf(seen.notice, seen.audience, {
    moment,
    rates: context.rates,
    commands,
    phrasesIn,
  });
  context.print(json ? JSON.stringify({ ...seen, ...view }) : previewText(seen, view));
}

async function test(context: NoticesContext, id: string, { to, as, json }: Doing & { to: string }): Promise<void> {
  const actor = atTerminal(as);
  await context.actions.expectNotice(actor, 'notices.test', id);
  const copies = await context.testSend(id, to);
  const put = await context.actions.notices.test(actor, id, copies);
  const sent = copies.filter((copy) => put.includes(copy)).map(({ channel, language }) => ({ channel, language }));
  const where = sent.map(({ channel, language }) => `${channel} (${language ?? 'language not known'})`).join(', ');
  if (json) return context.print(JSON.stringify(sent));
  context.print(`A test is on its way to ${where}.`);
  if ((await context.services()).length === 0) context.print(unsent('it'));
}

interface StatusOptions extends Json {
  watch?: boolean;
  process?: string;
}

async function status(
  context: NoticesContext,
  id: string | undefined,
  { json, watch, process: key }: StatusOptions,
): Promise<void> {
  if (id === undefined) {
    if (watch) throw new UserError(`--watch: say which notice, ${commandLine('notices status ID --watch')}.`);
    const of = await processIdOf(key, context.processes);
    const all = await context.records.statuses(of);
    return context.print(json ? JSON.stringify(all) : statusLines(all));
  }
  if (watch && !json) return watchNotice(context, id);
  context.print(json ? JSON.stringify(await fullStatus(context, id)) : await statusText(context, id));
}

async function approve(context: NoticesContext, id: string, { as, json }: Doing): Promise<void> {
  const now = await context.actions.notices.approve(atTerminal(as), id);
  context.print(json ? JSON.stringify(now) : await statusText(context, id));
}

async function changed(context: NoticesContext, id: string, change: NoticeChange, { as, json }: Doing): Promise<void> {
  const now = await context.actions.notices.change(atTerminal(as), id, change);
  context.print(json ? JSON.stringify(now) : await statusText(context, id));
}
