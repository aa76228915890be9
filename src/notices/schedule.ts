import { z } from 'zod';
import { dateOf, isLocal, isTimeZone, localObjection, momentOf, plusDays } from '../core/calendar.ts';
import { meant } from '../core/didYouMean.ts';
import type { ProcessDefinition } from '../process/schema.ts';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const text = (holds: (value: string) => boolean, words: string) =>
  z.string(words).refine(holds, { error: ({ input }) => localObjection(String(input)) ?? words });
const local = text(isLocal, 'must be a local date and time such as 2027-03-28T09:00, without an offset');
const date = text((value) => isLocal(value) && !value.includes('T'), 'must be a date such as 2027-03-28');
const zone = text(isTimeZone, 'must be a time zone such as Europe/Madrid');
const time = z
  .string('must be a time of day such as "09:00", in quotes')
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "09:00", in quotes');
const days = z.int('must be a whole number of days, below 0 for days before').min(-365).max(365).optional();
const name = z.string('must be an id');
const weekday = z.enum(WEEKDAYS);
const ON = `must be a day of the week, or a list of them: ${WEEKDAYS.join(', ')}`;
const monthday = z.int('must be a day of the month, 1 to 31').min(1).max(31);

const moment = z.strictObject({ at: local, zone: zone.optional() });
const beside = { days, time: time.optional() };
const EDGE = 'must be opens or closes';
const relative = {
  stage: z.strictObject({ stage: name, edge: z.enum(['opens', 'closes'], EDGE), ...beside }),
  question: z.strictObject({ question: name, edge: z.enum(['opens', 'closes'], EDGE), ...beside }),
  event: z.strictObject({ event: name, edge: z.literal('at', 'must be at').default('at'), ...beside }),
};
const again = {
  time,
  zone: zone.optional(),
  from: date.optional(),
  until: date.optional(),
  count: z.int('must be a whole number').min(1).max(1000).optional(),
};
const repeating = {
  day: z.strictObject({ every: z.literal('day'), ...again }),
  week: z.strictObject({ every: z.literal('week'), on: z.union([weekday, z.array(weekday).min(1)], ON), ...again }),
  month: z.strictObject({ every: z.literal('month'), on: monthday, ...again }),
};
type Every = keyof typeof repeating;

export type Repeating = z.infer<(typeof repeating)[Every]>;
type Relative = z.infer<(typeof relative)[keyof typeof relative]>;

/** When a notice is sent: at a fixed time, relative to a date of the process (and moving with it), or repeatedly. */
export type Schedule = z.infer<typeof moment> | Relative | Repeating;

/** With the time that the planner last worked out for it, or `none`. */
export type StoredSchedule = Schedule & { moment?: string };

export const isRepeating = <S extends Schedule>(schedule: S): schedule is S & Repeating => 'every' in schedule;

/** The schema of `schedule` as an author writes it: only the kind that is meant complains, at its place. */
export const scheduleSchema = z.unknown().transform((value, context): Schedule => {
  const kind = kindOf(value);
  if (typeof kind === 'string') {
    context.addIssue({ code: 'custom', message: kind });
    return z.NEVER;
  }
  const read = kind.safeParse(value);
  for (const issue of read.error?.issues ?? []) context.addIssue({ code: 'custom', ...spoken(issue, kind) });
  if (!read.success) return z.NEVER;
  const lacking = countedFromNowhere(read.data as Schedule);
  if (lacking) context.addIssue({ code: 'custom', path: ['count'], message: lacking });
  return read.data as Schedule;
});

const KINDS =
  'must say when: { at: 2027-03-28T09:00 }, { stage: ID, edge: closes, days: -3, time: "09:00" } (or event, question), or { every: week, on: monday, time: "09:00" }';

function kindOf(value: unknown): z.ZodObject | string {
  if (typeof value !== 'object' || value === null) return KINDS;
  const given = value as Record<string, unknown>;
  if ('every' in given) {
    const found = Object.hasOwn(repeating, String(given.every)) ? repeating[given.every as Every] : null;
    return found ?? 'every must be day, week or month';
  }
  for (const target of ['stage', 'question', 'event'] as const) if (target in given) return relative[target];
  return 'at' in given ? moment : KINDS;
}

function spoken(issue: z.core.$ZodIssue, kind: z.ZodObject): { path: PropertyKey[]; message: string } {
  if (issue.code !== 'unrecognized_keys') return { path: issue.path, message: issue.message };
  const [key = ''] = issue.keys;
  const known = Object.keys(kind.shape);
  return { path: [key], message: `is not known here. ${meant(key, known)}` };
}

const countedFromNowhere = (schedule: Schedule): string | null =>
  isRepeating(schedule) && schedule.count !== undefined && schedule.from === undefined
    ? 'needs from as well: the first day that counts'
    : null;

/** What a schedule refers to and the process does not have, or has without that date. */
export function lostDates(schedule: Schedule, process: ProcessDefinition): { key: string; words: string }[] {
  if (!isRelative(schedule)) return [];
  const { key, id, items } = targetOf(schedule, process);
  const found = items.find((item) => item.id === id);
  if (found) {
    const dated = (found as Dated)[schedule.edge] !== undefined;
    return dated
      ? []
      : [{ key: 'edge', words: `${key} "${id}" has no date ${schedule.edge}. Give it one, or leave it out.` }];
  }
  const ids = items.map((item) => item.id);
  return [{ key, words: `the process has no ${key} "${id}". ${meant(id, ids)}` }];
}

type Dated = Partial<Record<'opens' | 'closes' | 'at', string>> & { id: string; cancelled?: boolean };

const isRelative = (schedule: Schedule): schedule is Relative =>
  'stage' in schedule || 'event' in schedule || 'question' in schedule;

function targetOf(schedule: Relative, process: ProcessDefinition) {
  if ('stage' in schedule) return { key: 'stage', id: schedule.stage, items: process.stages as Dated[] };
  if ('event' in schedule) return { key: 'event', id: schedule.event, items: process.events as Dated[] };
  return { key: 'question', id: schedule.question, items: process.questions as Dated[] };
}

/** When something goes that is scheduled relative to a day without a time. */
const MORNING = '09:00';

/** Null while the process has no such date, or its event is cancelled. */
function besideDate(schedule: Relative, process: ProcessDefinition): number | null {
  const { id, items } = targetOf(schedule, process);
  const found = items.find((item) => item.id === id);
  const beside = found?.[schedule.edge];
  if (beside === undefined || found?.cancelled) return null;
  const day = plusDays(beside.slice(0, 10), schedule.days ?? 0);
  const hour = schedule.time ?? (beside.includes('T') ? beside.slice(11) : MORNING);
  return momentOf(`${day}T${hour}`, process.timeZone);
}

/** One time of a repeating notice: in local time, and as a moment. */
export interface Occurrence {
  local: string;
  at: number;
}

/**
 * The turns between two times, both included, in order. Each day has one: an hour that the clocks skip comes right
 * after the change, an hour that comes twice counts the first time.
 */
export function occurrences(schedule: Repeating, process: ProcessDefinition, from: number, to: number): Occurrence[] {
  const inZone = schedule.zone ?? process.timeZone;
  const last = dateOf(to, inZone);
  const found: Occurrence[] = [];
  let counted = 0;
  const earliest = plusDays(dateOf(from, inZone), -1);
  // A schedule with a count is counted from its first day on.
  let day = schedule.count === undefined && earliest > (schedule.from ?? '') ? earliest : (schedule.from ?? earliest);
  for (
    ;
    day <= last && day <= (schedule.until ?? day) && counted < (schedule.count ?? counted + 1);
    day = plusDays(day, 1)
  ) {
    if (!isOn(schedule, day)) continue;
    counted += 1;
    const local = `${day}T${schedule.time}`;
    const at = momentOf(local, inZone);
    if (at >= from && at <= to) found.push({ local, at });
  }
  return found;
}

function isOn(schedule: Repeating, day: string): boolean {
  if (schedule.every === 'day') return true;
  if (schedule.every === 'week') {
    const name = WEEKDAYS[(new Date(day).getUTCDay() + 6) % 7];
    return typeof schedule.on === 'string' ? schedule.on === name : schedule.on.some((one) => one === name);
  }
  // In a shorter month it falls on the last day.
  const of = Number(day.slice(8));
  return of === schedule.on || (of < schedule.on && plusDays(day, 1).slice(5, 7) !== day.slice(5, 7));
}

/** A month, plus the few days by which months differ. */
const LONGEST_GAP_MS = 33 * 86_400_000;

/**
 * When a notice with this schedule is due next: for a repeating one the first time from `now` on, for others their one
 * time, which may have passed. Null: never, as things stand.
 */
export function nextAt(schedule: Schedule, process: ProcessDefinition, now: number): number | null {
  if (isRelative(schedule)) return besideDate(schedule, process);
  if (!isRepeating(schedule)) return momentOf(schedule.at, schedule.zone ?? process.timeZone);
  const inZone = schedule.zone ?? process.timeZone;
  const start = schedule.from === undefined ? now : Math.max(now, momentOf(schedule.from, inZone));
  return occurrences(schedule, process, start, start + LONGEST_GAP_MS)[0]?.at ?? null;
}
