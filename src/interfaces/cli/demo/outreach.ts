import { DateTime } from 'luxon';
import type { Actions } from '../../../actions/actions.ts';
import { openPlanning } from '../../../compose/planning.ts';
import { momentOf } from '../../../core/calendar.ts';
import { systemClock, systemIds } from '../../../core/clock.ts';
import { silentLog } from '../../../core/log.ts';
import { atTerminal } from '../../../people/actor.ts';
import type { ProcessDefinition } from '../../../process/process.ts';
import { answerEvent } from '../../../sandbox/people.ts';
import { INVITATION, OVERRIDE } from '../../../sandbox/script.ts';
import type { Stage } from './stage.ts';

const DATED = ['startsOn', 'publishedOn', 'hearBackBy', 'opens', 'closes', 'at'];
/** So long before the start the demo's timeline is published. */
const LEAD_DAYS = 28;

/** The process as if it were prepared today, whatever year its example was written for: all dates moved alike. */
export function preparedToday(process: ProcessDefinition, now: number): ProcessDefinition {
  const { startsOn, timeZone } = process;
  if (startsOn === undefined) return process;
  const days = Math.round((now + LEAD_DAYS * 86_400_000 - momentOf(startsOn, timeZone)) / 86_400_000);
  return moved(process, days) as ProcessDefinition;
}

function moved(part: unknown, days: number): unknown {
  if (Array.isArray(part)) return part.map((each) => moved(each, days));
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => [
    key,
    DATED.includes(key) && typeof value === 'string' ? shifted(value, days) : moved(value, days),
  ]);
  return Object.fromEntries(entries);
}

const shifted = (local: string, days: number): string =>
  DateTime.fromISO(local, { zone: 'UTC' })
    .plus({ days })
    .toFormat(local.includes('T') ? "yyyy-MM-dd'T'HH:mm" : 'yyyy-MM-dd');

/** Tells everybody the dates, and tells those whom it concerns when one of them moves. */
export async function createTimelineDesk({ service, flowsDir }: Stage) {
  const { db, queue, processes } = service.core;
  const stores = await service.core.stores();
  const parts = { stores, queue, flowsDir, clock: systemClock, ids: systemIds, holdSeconds: 0, log: silentLog };
  const { publisher } = await openPlanning(parts);
  const current = async () => (await processes.current()) as ProcessDefinition;
  const noticeOf = async (number: number): Promise<string> => {
    const { rows } = await db.pool.query('SELECT id FROM notice WHERE timeline = $1', [number]);
    return rows[0].id;
  };
  async function publish(process: ProcessDefinition): Promise<string> {
    const snapshot = await publisher.publish(process, { override: OVERRIDE });
    if (!snapshot) throw new Error('Nothing was new in the timeline.');
    return noticeOf(snapshot.number);
  }
  return {
    /** Gives the id of the notice that tells of it. */
    publish: async () => publish(await current()),
    /** The first meeting comes a week later. */
    async move() {
      const process = await current();
      const [first, ...others] = process.events;
      if (!first) throw new Error('The process has no meeting.');
      const later = { ...process, events: [{ ...first, at: shifted(first.at, 7) }, ...others] };
      await processes.apply(later);
      return publish(later);
    },
  };
}

/** What somebody says to the invitation, by their place in the row: seven in ten come. */
const answerOf = (index: number): 'yes' | 'maybe' | 'no' => {
  const place = (index * 7) % 10;
  return place < 7 ? 'yes' : place < 8 ? 'maybe' : 'no';
};

export interface DemoMeeting {
  yes: number;
  maybe: number;
  no: number;
  seats: number;
  waiting: number;
}

/** Invites everybody to the first meeting; `each`: what is done for each person, a bar beside it. */
export async function meet(
  { service, people }: Stage,
  { notices }: Pick<Actions, 'notices'>,
  each: (work: (person: Stage['people'][number], index: number) => Promise<unknown>) => Promise<void>,
): Promise<DemoMeeting> {
  const event = ((await service.core.processes.current()) as ProcessDefinition).events[0]?.id ?? '';
  const told = people.map((person) => person.chat.length);
  const { id } = await notices.create(atTerminal(), { ...INVITATION, buttons: [{ event }] });
  await notices.schedule(atTerminal(), id);
  await each(async (person, index) => {
    const invitation = await person.waitFor((message) => message.buttons.length === 3, told[index]);
    await answerEvent(person, invitation, answerOf(index));
  });
  return (await service.core.stores()).attendance.counts(event);
}
