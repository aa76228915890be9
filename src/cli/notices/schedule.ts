import { confirm } from '@clack/prompts';
import type { When } from '../../app/announce.ts';
import { agreeByCount } from '../ask.ts';
import type { Terminal } from '../process.ts';
import { clockTime, counted, print } from '../words.ts';
import { watchNotice } from './watch.ts';
import { type Doing, doer, type NoticesWiring, zoneOf } from './wiring.ts';

export interface ScheduleOptions extends Doing {
  at?: string;
  zone?: string;
  yes?: boolean;
}

/** Whoever schedules for later than that will not sit and watch. */
const WATCHED_WITHIN_MS = 15 * 60_000;

export async function schedule(
  wiring: NoticesWiring,
  id: string,
  options: ScheduleOptions,
  terminal: Terminal,
): Promise<void> {
  const by = await doer(wiring, options.as);
  const { recipients, audience } = await wiring.announcer.preview(id);
  const platforms = new Set(audience.filter(({ people }) => people > 0).map(({ channel }) => channel)).size;
  const whom = `${recipients} ${recipients === 1 ? 'person' : 'people'} on ${counted(platforms, 'platform')}`;
  if (!options.yes) await agreeByCount(recipients, `It goes to ${whom}. Type the number to send it:`, terminal);
  const made = await wiring.announcer.schedule(id, await whenOf(wiring, options), by);
  if (options.json) return print(JSON.stringify({ id, ...made }));
  print(scheduledText(id, made, await zoneOf(wiring)));
  const isSoon = made.at.getTime() - Date.now() < WATCHED_WITHIN_MS;
  if (!options.yes && isSoon && made.approval === null && (await confirm({ message: 'Watch how it goes?' })) === true)
    await watchNotice(wiring, id, terminal);
}

async function whenOf(wiring: NoticesWiring, { at, zone }: ScheduleOptions): Promise<When> {
  return { ...(at !== undefined && { at }), zone: zone ?? (await zoneOf(wiring)) };
}

interface Made {
  at: Date;
  recipients: number;
  approval: 'needed' | null;
}

function scheduledText(id: string, { at, recipients, approval }: Made, zone: string): string {
  const when = clockTime(at, zone);
  const whom = counted(recipients, 'person', 'people');
  const back = `Until then it can be called back: hearback notices cancel ${id}`;
  if (approval === null) return `The first message to ${whom} goes at ${when}.\n${back}`;
  return [
    `It goes to ${whom}, and so needs the approval of a second member. That member approves it with`,
    `  hearback notices approve ${id} --as MEMBER`,
    `The first message goes at ${when}, or, where the approval comes later, a while after it; without one, nothing goes.`,
    back,
  ].join('\n');
}
