import { DateTime } from 'luxon';
import { momentOf } from '../../../core/calendar.ts';
import type { ProcessDefinition } from '../../../process/process.ts';

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

/** A date or local time so many days later. */
export const shifted = (local: string, days: number): string =>
  DateTime.fromISO(local, { zone: 'UTC' })
    .plus({ days })
    .toFormat(local.includes('T') ? "yyyy-MM-dd'T'HH:mm" : 'yyyy-MM-dd');
