import { dayLabel, spelled } from '../../core/calendar.ts';
import type { Choice } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import { signAction } from '../../core/signedButtons.ts';
import { textFor } from '../../core/texts.ts';
import type { ProcessDefinition } from '../process.ts';
import { reminderRule } from '../reminderRules.ts';
import { ANSWERS, type EventCounts, eventAction, type SeatStanding } from './attendance.ts';
import { dayBefore, eventsToCome, type ProcessEvent } from './event.ts';

/** Somebody who reads about events, at one moment, and the process as they see it. */
export interface EventReader {
  key: string;
  language: string;
  phrases: Phrases;
  process: ProcessDefinition;
  /** The id of the process. */
  processId: number;
  now: number;
  /** Signs their buttons. */
  secret: string;
  /** Whether they get reminders of dates; left out: no. */
  isReminded?: boolean;
}

export const titleOf = ({ title }: ProcessEvent, { process, language }: EventReader): string =>
  textFor(title, language, process.languages);

/** When and where, a line each. */
export function placeLines({ at, where }: ProcessEvent, { process, language, now }: EventReader): string[] {
  const when = spelled(at, { language, timeZone: process.timeZone, now });
  return where === undefined ? [when] : [when, textFor(where, language, process.languages)];
}

/** The event in as few lines as possible, below a text about it. */
export const eventLines = (event: ProcessEvent, reader: EventReader): string[] => {
  const [day = '', ...where] = placeLines(event, reader);
  return [reader.phrases('timeline_event', { title: titleOf(event, reader), day }), ...where];
};

/** How many seats are left; null where they are not counted. Free seats that others wait for do not count as left. */
export function seatsLine(
  { capacity }: ProcessEvent,
  { seats, waiting }: EventCounts,
  { phrases }: EventReader,
): string | null {
  if (capacity === undefined) return null;
  const free = waiting > 0 ? 0 : Math.max(0, capacity - seats);
  return free > 0 ? phrases('event_free', { count: free }) : phrases('event_full', { count: waiting });
}

/** Whether they are coming, in a sentence. */
export function standingLine(
  event: ProcessEvent,
  standing: SeatStanding,
  { phrases, process, now, isReminded = false }: EventReader,
): string {
  if (standing.answer === 'no') return phrases('event_said_no');
  const reminder =
    isReminded && reminderRule(process, 'eventTomorrow') !== null && dayBefore(event, process.timeZone) > now;
  if (standing.answer === 'maybe') return phrases(reminder ? 'event_said_maybe' : 'event_said_maybe_late');
  if (standing.seat === 'waiting') return phrases('event_waiting', { position: standing.position ?? 1 });
  return phrases(event.capacity === undefined ? 'event_expected' : 'event_seat');
}

/** Yes, maybe, no: each can be pressed at any time. */
export const answerChoices = (
  event: string,
  { key, phrases, secret, processId }: Pick<EventReader, 'key' | 'phrases' | 'secret' | 'processId'>,
) =>
  ANSWERS.map(
    (answer): Choice => ({
      label: phrases(`event_${answer}`),
      data: signAction(secret, key, eventAction(event, processId, answer)),
    }),
  );

const MOST_INVITED = 3;

/** A button for each of the next events, which shows it: by its day, since titles that begin alike are cut on a phone. */
export function invitations(reader: EventReader): Choice[] {
  const { language, process, processId, phrases, secret, key, now } = reader;
  const events = eventsToCome(process, now).slice(0, MOST_INVITED);
  const isAlone = ({ at }: ProcessEvent) =>
    events.filter((one) => one.at.slice(0, 10) === at.slice(0, 10)).length === 1;
  return events.map((event) => ({
    label: phrases('event_invite', {
      day: dayLabel(event.at, { language, timeZone: process.timeZone }, !isAlone(event)),
    }),
    data: signAction(secret, key, eventAction(event.id, processId)),
  }));
}
