import { isLocal, isTimeZone, localObjection, localOf, momentOf, overAt, phaseOf } from '../core/calendar.ts';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import type { ProcessDefinition } from '../process/schema.ts';
import type { Notice, NoticeButton } from './notice.ts';
import { isRepeating, nextAt, type Schedule } from './schedule.ts';

/** Something in a notice that is out of date, or will be when it goes out. */
export interface Overtaken {
  path: (string | number)[];
  words: string;
}

/** A notice that is refused because something in it is out of date. */
export class OvertakenError extends UserError {
  constructor(overtaken: readonly Overtaken[]) {
    const all = overtaken.map(({ path, words }) => `${path.join('.')}: ${words}`);
    super(all.join('\n'), all);
  }
}

type Dated = Pick<Notice, 'buttons' | 'schedule' | 'until'>;

/** @throws UserError that names all of it */
export function expectTimely(overtaken: readonly Overtaken[]): void {
  if (overtaken.length > 0) throw new OvertakenError(overtaken);
}

/** When a notice is to go, as the person who schedules it says. */
export interface When {
  /** Local date and time without an offset, e.g. `2027-03-28T09:00`; left out: now. */
  at?: string;
  /** IANA time zone of `at`. */
  zone?: string;
}

/** A repeating notice never begins itself: the calendar creates a notice for each of its turns. */
export const isAgain = ({ schedule }: Pick<Notice, 'schedule'>): boolean => schedule !== null && isRepeating(schedule);

/**
 * The time asked for by whoever schedules it, or by its author. @throws UserError when there is none, or it has passed
 */
export function wishOf(
  { id, schedule }: Pick<Notice, 'id' | 'schedule'>,
  when: When,
  process: ProcessDefinition,
  now: number,
): number {
  if (when.at !== undefined) return moment(when.at, when.zone ?? 'UTC', now);
  if (schedule === null) return 0;
  const at = nextAt(schedule, process, now);
  if (at !== null && at >= now - PASSED_MS) return at;
  const why =
    at === null ? 'the process has no such date now' : `its moment, ${new Date(at).toISOString()}, has passed`;
  throw new UserError(`Notice ${id} follows its schedule, and ${why}. Change the dates, or say --at.`);
}

/** The time to begin at, fixed when it is scheduled. @throws UserError when it cannot be read or has passed */
export function moment(local: string, zone: string, now: number): number {
  if (!isTimeZone(zone) || !isLocal(local)) {
    const what = isTimeZone(zone)
      ? (localObjection(local) ?? `"${local}" is not a local date and time`)
      : `"${zone}" is not a time zone`;
    throw new UserError(`${what}. Write for example --at 2027-03-28T09:00 --zone Europe/Madrid.`);
  }
  const millis = momentOf(local, zone);
  if (millis < now - PASSED_MS)
    throw new UserError(`${local} in ${zone} has passed. Choose a moment to come, or leave --at out to begin now.`);
  return millis;
}

/** How far in the past still counts as now. */
const PASSED_MS = 60_000;

/** Why a draft could never go out on its own schedule, or what its readers could no longer do by then. */
export function overtakenDraft(draft: Dated, process: ProcessDefinition, now: number): Overtaken[] {
  if (draft.schedule === null) return overtakenAt(draft, process, now);
  const next = nextAt(draft.schedule, process, now);
  const words = next !== null && next >= now - PASSED_MS ? null : passedWords(draft.schedule, next, process);
  const passed = words === null ? [] : [{ path: ['schedule'], words: `${words}. ${REMEDY}` }];
  return [...passed, ...overtakenAt(draft, process, Math.max(now, next ?? now))];
}

const REMEDY = 'Write a moment to come, or leave schedule out and say --at when you schedule it.';

function passedWords(schedule: Schedule, next: number | null, { timeZone }: ProcessDefinition): string {
  if (next !== null) return `its moment, ${localOf(next, timeZone)} (${timeZone}), has passed`;
  return isRepeating(schedule) ? 'has no day left to come' : 'goes by a date that the process does not have now';
}

/** What readers can no longer do with a notice that goes out at that time. */
export function overtakenAt(
  { buttons, until }: Omit<Dated, 'schedule'>,
  process: ProcessDefinition,
  at: number,
): Overtaken[] {
  const end = until === null || until.getTime() > at ? [] : [{ path: ['until'], words: endWords(until, process) }];
  const dead = buttons.flatMap((button, index): Overtaken[] => {
    const [key, words] = deadWords(button, process, at) ?? [];
    return key && words ? [{ path: ['buttons', index, key], words }] : [];
  });
  return [...end, ...dead];
}

const endWords = (until: Date, { timeZone }: ProcessDefinition): string =>
  `ends at ${localOf(until.getTime(), timeZone)}, before it is sent: nobody would get it. Write a later day, or leave it out.`;

/**
 * Whether a notice is out of date at that time: its end has come, or nothing that it asks can still be answered. One
 * that asks nothing ends only at its own `until`.
 */
export function isOver({ buttons, until }: Pick<Notice, 'buttons' | 'until'>, process: Asked, at: number): boolean {
  const asking = buttons.filter((button) => 'question' in button || 'event' in button);
  const ended = until !== null && until.getTime() <= at;
  return ended || (asking.length > 0 && asking.every((button) => !canBeAnswered(button, process, at)));
}

type Asked = Pick<ProcessDefinition, 'questions' | 'events' | 'timeZone'>;

function canBeAnswered(button: NoticeButton, process: Asked, at: number): boolean {
  const { questions, events } = process;
  const isThere =
    ('question' in button && questions.some(({ id }) => id === button.question)) ||
    ('event' in button && events.some(({ id }) => id === button.event));
  return isThere && deadWords(button, process, at) === null;
}

/** A button that can do nothing by then; ids that the process does not have are reported elsewhere. */
function deadWords(
  button: NoticeButton,
  { questions, events, timeZone }: Asked,
  at: number,
): ['question' | 'event', string] | null {
  if ('question' in button) {
    const asked = questions.find(({ id }) => id === button.question);
    if (!asked || phaseOf(asked, timeZone, at) !== 'over') return null;
    return [
      'question',
      `the question "${asked.id}" closed on ${asked.closes}, before this is sent: nobody could answer. ${LATER}`,
    ];
  }
  const event = 'event' in button ? events.find(({ id }) => id === button.event) : undefined;
  if (event?.cancelled)
    return ['event', `the event "${event.id}" is cancelled: nobody can come. Leave this button out.`];
  if (!event || Math.max(overAt(event, timeZone), momentOf(event.at, timeZone)) > at) return null;
  return ['event', `the event "${event.id}" was on ${event.at}, before this is sent: nobody can come. ${LATER}`];
}

const LATER = `Ask about another, or move its date with \`${commandLine('process apply FILE.yaml')}\`.`;
