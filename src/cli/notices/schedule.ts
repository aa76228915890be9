import { confirm } from '@clack/prompts';
import type { When } from '../../app/announce.ts';
import { commandLine } from '../../domain/commandLine.ts';
import { KINDS } from '../../domain/kinds.ts';
import { agreeByCount } from '../ask.ts';
import { clockTime, counted, sentBy } from '../words.ts';
import { watchNotice } from './watch.ts';
import { audienceOf, type Desk, type Doing, doer, zoneOf } from './wiring.ts';

export interface ScheduleOptions extends Doing {
  at?: string;
  zone?: string;
  yes?: boolean;
}

/** Whoever schedules for later than that will not sit and watch. */
const WATCHED_WITHIN_MS = 15 * 60_000;

export async function schedule(desk: Desk, id: string, options: ScheduleOptions): Promise<void> {
  const by = await doer(desk, options.as);
  const { notice, recipients, audience } = await desk.announcer.preview(id);
  const platforms = new Set(audience.filter(({ people }) => people > 0).map(({ channel }) => channel)).size;
  const whom = `${counted(recipients, 'person', 'people')} on ${counted(platforms, 'platform')}`;
  if (!options.yes && KINDS[notice.kind].reaches !== 'made_for') {
    const question = `It goes to ${await audienceOf(desk, notice.audience)}: ${whom}. Type the number to send it:`;
    await agreeByCount(recipients, question, desk.terminal, options.json);
  }
  const made = await desk.announcer.schedule(id, await whenOf(desk, options), by);
  if (options.json) return desk.print(JSON.stringify({ id, ...made }));
  desk.print(scheduledText(id, made, await zoneOf(desk)));
  if (made.approval !== null && by === null)
    desk.print(
      `Nobody is named who schedules it: schedule it once more with --as MEMBER, or nobody can be the second.`,
    );
  const isSoon = made.at.getTime() - Date.now() < WATCHED_WITHIN_MS;
  if (options.yes || !isSoon || made.approval !== null) return;
  const { stdin: input, stdout: output } = desk.terminal;
  if ((await confirm({ message: 'Watch how it goes?', input, output })) === true) await watchNotice(desk, id);
}

async function whenOf(desk: Desk, { at, zone }: ScheduleOptions): Promise<When> {
  return { ...(at !== undefined && { at }), zone: zone ?? (await zoneOf(desk)) };
}

interface Made {
  at: Date;
  recipients: number;
  approval: 'needed' | null;
}

function scheduledText(id: string, { at, recipients, approval }: Made, zone: string): string {
  const when = clockTime(at, zone);
  const whom = counted(recipients, 'person', 'people');
  const back = `Until then it can be called back: ${commandLine(`notices cancel ${id}`)}`;
  if (approval === null) return [`The first message to ${whom} goes at ${when}.`, sentBy('it'), back].join('\n');
  return [
    `It goes to ${whom}, and so needs the approval of a second member. That member approves it with`,
    `  ${commandLine(`notices approve ${id} --as MEMBER`)}`,
    `The first message goes at ${when}, or, where the approval comes later, a while after it; without one, nothing goes.`,
    back,
  ].join('\n');
}
