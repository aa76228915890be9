import { InvalidArgumentError } from 'commander';
import { dateOf } from '../../../core/calendar.ts';
import { commandLine } from '../../../core/commandLine.ts';
import { textFor } from '../../../core/texts.ts';
import { isMadeForEach, KINDS } from '../../../notices/kinds.ts';
import type { Upcoming } from '../../../planning/calendar.ts';
import { processIdOf } from '../whichProcess.ts';
import { clockTime, counted, harmless } from '../words.ts';
import { type Json, type NoticesContext, whomOf, zoneOf } from './wiring.ts';

const WEEK_MS = 7 * 86_400_000;
const MOST_WEEKS = 104;

/** @throws InvalidArgumentError for what is not a number of weeks */
export function weeksIn(written: string): number {
  const weeks = Number(written);
  if (Number.isInteger(weeks) && weeks >= 1 && weeks <= MOST_WEEKS) return weeks;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_WEEKS}.`);
}

export interface CalendarOptions extends Json {
  weeks: number;
  process?: string;
}

/** Everything that will go out, with its words, its time, whom it is for and how many they are. */
export async function calendar(context: NoticesContext, { weeks, process: key, json }: CalendarOptions): Promise<void> {
  const of = await processIdOf(key, context.processes);
  const until = Date.now() + weeks * WEEK_MS;
  const all = await Promise.all(
    (await (await context.calendar()).upcoming(until, of)).map(async (one) => ({
      ...one,
      whom: await whomOf(context, one),
    })),
  );
  if (json) return context.print(JSON.stringify(all));
  const zone = await zoneOf(context);
  const languages = (await context.processes.current())?.languages ?? [];
  const head =
    all.length === 0
      ? `Nothing goes out until ${dateOf(until, zone)}.`
      : `Until ${dateOf(until, zone)} ${counted(all.length, 'notice goes', 'notices go')} out, to as many as there are now:`;
  context.print(
    [head, ...all.flatMap((one) => ['', ...entryLines(one, zone, languages)]), ...(await unpublished(context))].join(
      '\n',
    ),
  );
}

type Entry = Upcoming & { whom: string };

function entryLines(
  { at, kind, texts, whom, recipients, ...one }: Entry,
  zone: string,
  languages: readonly string[],
): string[] {
  const words = isMadeForEach(kind) ? '' : textFor(texts, languages[0] ?? 'en', languages);
  const others = typeof texts === 'string' ? [] : Object.keys(texts).filter((language) => texts[language] !== words);
  return [
    `${clockTime(at, zone)}  ${KINDS[kind].name} to ${whom}: ${counted(recipients, 'person', 'people')}`,
    `  ${[BY[one.by], one.id === null ? '' : `notice ${one.id}`, STATES[one.state]].filter(Boolean).join(', ')}`,
    ...(words === ''
      ? []
      : harmless(words)
          .split('\n')
          .map((line) => `  | ${line}`.trimEnd())),
    ...(others.length > 0 ? [`  (also in ${others.join(', ')})`] : []),
  ];
}

const BY: Record<Upcoming['by'], string> = {
  member: 'scheduled by a member',
  timeline: 'by the timeline itself',
  repeat: 'one of those that repeat',
};
const STATES: Record<Upcoming['state'], string> = {
  scheduled: '',
  paused: 'paused: it does not go before it is resumed',
  to_approve: 'waits for approval: without it nothing goes',
};

/** Says why there are no reminders, where there are none. */
const unpublished = async (context: NoticesContext): Promise<string[]> =>
  (await context.isPublished())
    ? []
    : ['', `The timeline is not public yet: its own reminders come with \`${commandLine('process publish')}\`.`];
