import type { Clock } from '../core/clock.ts';
import type { Phrases } from '../core/phrases.ts';
import { isMembers, KINDS } from '../notices/kinds.ts';
import { type Addressed, type Notice, type Notices, recipientsIn } from '../notices/notice.ts';
import { isRepeating } from '../notices/schedule.ts';
import type { Timelines } from '../process/publication.ts';
import type { ProcessDefinition } from '../process/schema.ts';
import type { StoredProcess } from '../process/stored.ts';
import { LATE_MS, planReminders } from './reminders.ts';
import { turnOrigin, turnsWorth } from './repeating.ts';
import type { PlannedNotices, ScheduledNotice } from './scheduledNotices.ts';

/** Something that will go out at a given time unless it is changed or cancelled. */
export interface Upcoming extends Pick<Notice, 'kind' | 'texts' | 'audience'> {
  at: Date;
  /** Null until the notice is created, shortly before it is due. */
  id: string | null;
  /** What sends it: a member, the timeline itself, or a repeating notice. */
  by: 'member' | 'timeline' | 'repeat';
  state: 'scheduled' | 'paused' | 'to_approve';
  /** Chats that it would reach if it went now. */
  recipients: number;
}

export interface NoticeCalendarParts {
  processes: { now(): Promise<Pick<StoredProcess, 'id' | 'definition' | 'closedAt'>> };
  timelines: Pick<Timelines, 'latest'>;
  planned: Pick<PlannedNotices, 'reminders' | 'turns' | 'scheduled'>;
  notices: Pick<Notices, 'upcoming' | 'count' | 'status'>;
  phrasesIn: (language: string | null) => Phrases;
  clock: Clock;
  holdSeconds: number;
}

export interface NoticeCalendar {
  /**
   * Everything that goes out until then, in order, whether it has been created yet or not; of one process, by its id,
   * or of all.
   */
  upcoming(until: number, process?: number | null): Promise<Upcoming[]>;
}

type Coming = Omit<Upcoming, 'recipients'> & Pick<Notice, 'topic' | 'timeline' | 'process'>;

export function createNoticeCalendar(parts: NoticeCalendarParts): NoticeCalendar {
  return {
    async upcoming(until, of = null) {
      const current = await parts.processes.now();
      const over = current.closedAt !== null || (of !== null && of !== current.id);
      const all = [
        ...(await parts.notices.upcoming(new Date(until), of)).map(made),
        ...(over ? [] : await toMake(current.definition, until, parts)),
      ];
      const counted = counter(parts);
      const found: Upcoming[] = [];
      for (const { topic, timeline, process, ...coming } of all)
        found.push({ ...coming, recipients: await counted({ ...coming, topic, timeline, process }, coming.id) });
      return found.sort((one, other) => one.at.getTime() - other.at.getTime());
    },
  };
}

function made({ id, kind, texts, audience, topic, timeline, process, at, turnOf, state, approval }: Notice): Coming {
  const by = turnOf !== null ? 'repeat' : isMembers(kind) ? 'member' : 'timeline';
  const waits = approval === 'needed' ? 'to_approve' : 'scheduled';
  return {
    ...{ id, kind, texts, audience, topic, timeline, process, by, at: at ?? new Date(0) },
    state: state === 'paused' ? 'paused' : waits,
  };
}

/** What the calendar of an open process has not created yet. */
async function toMake(process: ProcessDefinition | null, until: number, parts: NoticeCalendarParts): Promise<Coming[]> {
  const reminders = await remindersToCome(process, until, parts);
  return process ? [...reminders, ...(await turnsToCome(process, until, parts))] : reminders;
}

/** Reminders of the published timeline that are too far ahead to be created. */
async function remindersToCome(
  process: ProcessDefinition | null,
  until: number,
  { timelines, planned, phrasesIn, clock }: NoticeCalendarParts,
): Promise<Coming[]> {
  const newest = await timelines.latest();
  if (!newest) return [];
  const origins = new Set((await planned.reminders()).map(({ origin }) => origin));
  return planReminders({ ...newest.definition, reminders: process?.reminders }, phrasesIn)
    .filter(
      ({ origin, at, until: end }) => !origins.has(origin) && at >= clock() - LATE_MS && at <= until && end > clock(),
    )
    .map(({ at, texts, audience, topic }) => ({
      ...{ id: null, kind: 'timeline_reminder', by: 'timeline', state: 'scheduled' },
      ...{ at: new Date(at), texts, audience, topic, timeline: null },
    }));
}

async function turnsToCome(
  process: ProcessDefinition,
  until: number,
  { planned, clock, holdSeconds }: NoticeCalendarParts,
): Promise<Coming[]> {
  const origins = new Set((await planned.turns()).map(({ origin }) => origin));
  const repeating = (await planned.scheduled()).filter(
    ({ schedule, state }) => schedule !== null && isRepeating(schedule) && state !== 'done',
  );
  return repeating.flatMap((parent) =>
    turnsOf(parent, process, Math.max(clock(), parent.since.getTime() + holdSeconds * 1000), until)
      .filter(({ local }) => !origins.has(turnOrigin(parent.id, local)))
      .map(({ at }) => ({ ...made(parent), at: new Date(at), by: 'repeat' as const })),
  );
}

function turnsOf(parent: ScheduledNotice, process: ProcessDefinition, from: number, to: number) {
  const { schedule } = parent;
  if (schedule === null || !isRepeating(schedule) || from > to) return [];
  return turnsWorth(parent, schedule, process, from, to);
}

/** Counts each audience once. */
function counter({ notices }: NoticeCalendarParts): (of: Addressed, id: string | null) => Promise<number> {
  const known = new Map<string, number>();
  return async (of, id) => {
    if (KINDS[of.kind].reaches === 'made_for') return (id === null ? null : await notices.status(id))?.open ?? 0;
    const key = JSON.stringify([of.kind, of.topic, of.audience, of.timeline, of.process]);
    const count = known.get(key) ?? recipientsIn(await notices.count(of));
    known.set(key, count);
    return count;
  };
}
