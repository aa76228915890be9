import { confirm } from '@clack/prompts';
import { commandLine } from '../../../core/commandLine.ts';
import type { When } from '../../../notices/dates.ts';
import type { NoticeOutlook } from '../../../notices/outlook.ts';
import type { NoticePreview } from '../../../notices/records.ts';
import { atTerminal } from '../../../people/actor.ts';
import { agreeByCount } from '../ask.ts';
import { callBack, clockTime, counted, fromNow, grouped, sentBy } from '../words.ts';
import { watchNotice } from './watch.ts';
import { type Doing, type NoticesContext, whomOf, zoneOf } from './wiring.ts';

export interface ScheduleOptions extends Doing {
  at?: string;
  zone?: string;
  yes?: boolean;
}

/** Nobody waits at the terminal for what goes later than that. */
const WATCHED_WITHIN_MS = 15 * 60_000;

export async function schedule(context: NoticesContext, id: string, options: ScheduleOptions): Promise<void> {
  const actor = atTerminal(options.as);
  await context.actions.expectNotice(actor, 'notices.schedule', id);
  const when = await whenOf(context, options);
  const outlook = await context.outlook(id, when);
  const shown = options.yes ? {} : { recipients: await agree(context, outlook, options.json) };
  const made = await context.actions.notices.schedule(actor, id, when, shown);
  if (options.json) return context.print(JSON.stringify({ id, ...made }));
  context.print(scheduledText(id, { ...made, bound: boundWords(outlook) }, await zoneOf(context)));
  const isSoon = made.at.getTime() - Date.now() < WATCHED_WITHIN_MS;
  if (options.yes || !isSoon || made.approval !== null) return;
  const { stdin: input, stdout: output } = context.terminal;
  if ((await confirm({ message: 'Watch how it goes?', input, output })) === true) await watchNotice(context, id);
}

/** Has the number of recipients typed, and gives it. */
async function agree(context: NoticesContext, outlook: NoticePreview & NoticeOutlook, aside = false): Promise<number> {
  const { recipients, audience, notice } = outlook;
  const platforms = new Set(audience.filter(({ people }) => people > 0).map(({ channel }) => channel)).size;
  const whom = `${counted(recipients, 'person', 'people')} on ${counted(platforms, 'platform')}`;
  const goes = `It goes to ${await whomOf(context, notice)}, ${whom}, ${await whenWords(outlook, context)}.`;
  await agreeByCount(recipients, `${goes} ${boundWords(outlook)} Type the number to send it:`, context.terminal, aside);
  return recipients;
}

async function whenWords({ at, held, again }: NoticeOutlook, context: NoticesContext): Promise<string> {
  if (held !== null && !again) return fromNow(held);
  return `${again ? 'again and again, first ' : ''}at ${clockTime(at, await zoneOf(context))}`;
}

/** What the number binds until then. */
const boundWords = ({ most }: NoticeOutlook): string =>
  most === null
    ? 'A second member has to approve it first.'
    : `Should they be more than ${grouped(most)} by then, it waits for another yes.`;

async function whenOf(context: NoticesContext, { at, zone }: ScheduleOptions): Promise<When> {
  return { ...(at !== undefined && { at }), zone: zone ?? (await zoneOf(context)) };
}

interface Made {
  at: Date;
  recipients: number;
  approval: 'needed' | null;
  bound: string;
}

function scheduledText(id: string, { at, recipients, approval, bound }: Made, zone: string): string {
  const when = clockTime(at, zone);
  const whom = counted(recipients, 'person', 'people');
  const back = callBack('it', id);
  if (approval === null)
    return [`The first message to ${whom} goes at ${when}. ${bound}`, sentBy('it'), back].join('\n');
  return [
    `It goes to ${whom}, and so needs the approval of a second member. That member approves it with`,
    `  ${commandLine(`notices approve ${id} --as MEMBER`)}`,
    `The first message goes at ${when}, or, where the approval comes later, a while after it; without one, nothing goes.`,
    back,
  ].join('\n');
}
