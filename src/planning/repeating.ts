import { isOver } from '../notices/dates.ts';
import {
  isRepeating,
  nextAt,
  type Occurrence,
  occurrences,
  type Repeating,
  type StoredSchedule,
} from '../notices/schedule.ts';
import type { ProcessDefinition } from '../process/schema.ts';
import { LATE_MS } from './reminders.ts';
import type { Planned, ScheduledNotice } from './scheduledNotices.ts';
import { byOrigin, type UpsertParts, upsertScheduled, type WantedNotice, withdraw } from './upsertScheduled.ts';

export interface ScheduleParts extends UpsertParts {
  /** How long a notice to many can still be called back before its first message goes. */
  holdSeconds: number;
}

/** One notice for each local time of a repeating notice. */
export const turnOrigin = (notice: string, local: string): string => `repeat:${notice}:${local}`;

/** How long in advance a turn of a repeating notice becomes a notice of its own. */
const TURN_AHEAD_MS = 3_600_000;

/** Moves notices that depend on a date of the process, and creates the turns of repeating ones. */
export async function keepSchedules(process: ProcessDefinition, parts: ScheduleParts): Promise<void> {
  const all = await parts.planned.scheduled();
  const made = byOrigin(await parts.planned.turns());
  const kept = new Set<string>();
  for (const notice of all) {
    const { schedule } = notice;
    if (schedule === null) continue;
    if (!isRepeating(schedule)) await keepMoment(notice, schedule, process, parts);
    else for (const origin of await takeTurns(notice, schedule, process, made, parts)) kept.add(origin);
  }
  await withdraw(
    [...made.values()].filter(({ origin }) => !kept.has(origin)),
    parts,
  );
}

/**
 * A notice tied to a date moves with it; if its time has passed by then, or the date is gone, it waits for a new one.
 */
async function keepMoment(
  { id, state, at }: ScheduledNotice,
  schedule: StoredSchedule,
  process: ProcessDefinition,
  { planned, clock, holdSeconds, log }: ScheduleParts,
): Promise<void> {
  if (state === 'done') return;
  const [now, target] = [clock(), nextAt(schedule, process, clock())];
  const moment = target === null ? 'none' : new Date(target).toISOString();
  if (schedule.moment === moment) return;
  // It was scheduled just now: it starts no earlier than its hold ends.
  const fresh = schedule.moment === undefined && target !== null && target <= now + holdSeconds * 1000;
  const lost = target === null || (!fresh && target < now - LATE_MS);
  if (lost) log.warn('A notice waits: the date that it depends on has passed or is gone', { notice: id });
  await planned.setMoment(id, moment, lost ? null : fresh ? at : new Date(target));
}

/** Creates the turns that are near; gives the origins of all turns to keep. */
async function takeTurns(
  parent: ScheduledNotice,
  schedule: Repeating,
  process: ProcessDefinition,
  made: ReadonlyMap<string, Planned>,
  parts: ScheduleParts,
): Promise<string[]> {
  const { id, state, approval, since, until } = parent;
  const now = parts.clock();
  const mine = [...made.values()].filter(({ turnOf }) => turnOf === id);
  if (state === 'done') return mine.map(({ origin }) => origin);
  if (state !== 'scheduled' || approval === 'needed') return [];
  const first = Math.max(now - LATE_MS, since.getTime() + parts.holdSeconds * 1000);
  // Twice as far ahead as they are created: another service's clock may be fast.
  const turns = turnsWorth(parent, schedule, process, first, now + 2 * TURN_AHEAD_MS);
  for (const { local, at } of turns.filter(({ at }) => at <= now + TURN_AHEAD_MS)) {
    const origin = turnOrigin(id, local);
    await upsertScheduled({ ...turnOf(parent), origin, at: new Date(at), until }, made.get(origin), parts);
  }
  if (nextAt(schedule, process, first) === null) await parts.planned.end(id);
  const due = mine.filter(({ at }) => at !== null && at.getTime() <= now).map(({ origin }) => origin);
  return [...due, ...turns.map(({ local }) => turnOrigin(id, local))];
}

/** The turns at which the notice is still of interest. */
export const turnsWorth = (
  parent: Pick<ScheduledNotice, 'buttons' | 'until'>,
  schedule: Repeating,
  process: ProcessDefinition,
  from: number,
  to: number,
): Occurrence[] => occurrences(schedule, process, from, to).filter(({ at }) => !isOver(parent, process, at));

function turnOf(parent: ScheduledNotice): Omit<WantedNotice, 'origin' | 'at'> {
  const { id, since: _, state: __, at: ___, origin: ____, ...content } = parent;
  return { ...content, turnOf: id, schedule: null };
}
