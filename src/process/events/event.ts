import { Duration } from 'luxon';
import { endOf, momentOf, plusDays } from '../../core/calendar.ts';
import type { ProcessDefinition } from '../process.ts';
import type { Seats } from './attendance.ts';

/** An event of the process: something to come to. */
export type ProcessEvent = ProcessDefinition['events'][number];

/** What processes may say of an event besides. */
type Told = ProcessEvent & { closes?: unknown; duration?: unknown; cancelled?: unknown };

const HOUR_MS = 3_600_000;

export const isCancelled = (event: ProcessEvent): boolean => Boolean((event as Told).cancelled);

/** Start and end. An event without an end takes an hour; one with only a date takes the whole day. */
export function spanOf(event: ProcessEvent, timeZone: string): { from: number; until: number; wholeDay: boolean } {
  const { at, closes, duration } = event as Told;
  const from = momentOf(at, timeZone);
  const wholeDay = !at.includes('T');
  const span = (until: number) => ({ from, until: Math.max(from, until), wholeDay });
  if (typeof closes === 'string') return span(endOf(closes, timeZone));
  const lasts = typeof duration === 'string' ? Duration.fromISO(duration).toMillis() : Number.NaN;
  if (lasts > 0) return span(from + lasts);
  return span(wholeDay ? endOf(at, timeZone) : from + HOUR_MS);
}

export const isOver = (event: ProcessEvent, timeZone: string, now: number): boolean =>
  now >= spanOf(event, timeZone).until;

/** When reminders of the day before go out, in the time zone of the process. */
export const MORNING = '09:00';
const EVENING = '20:00';

/** When people are reminded of it: a day before, when they are awake. */
export function dayBefore({ at }: ProcessEvent, timeZone: string): number {
  const hour = at.includes('T') ? at.slice(11, 16) : MORNING;
  const awake = hour < MORNING ? MORNING : hour > EVENING ? EVENING : hour;
  return momentOf(`${plusDays(at.slice(0, 10), -1)}T${awake}`, timeZone);
}

/** Events that people can still come to, the next one first. */
export function eventsToCome({ events, timeZone }: ProcessDefinition, now: number): ProcessEvent[] {
  const start = (event: ProcessEvent) => spanOf(event, timeZone).from;
  return events
    .filter((event) => !isCancelled(event) && !isOver(event, timeZone, now))
    .sort((one, other) => start(one) - start(other));
}

/** Once it has begun, nobody on the waiting list is told of a seat. */
export const seatsOf = (event: ProcessEvent, process: number, timeZone: string): Seats => ({
  process,
  event: event.id,
  capacity: event.capacity ?? null,
  until: new Date(spanOf(event, timeZone).from),
});
