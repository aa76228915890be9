import { spelled } from '../../core/calendar.ts';
import type { Choice } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import { signAction } from '../../core/signedButtons.ts';
import { shorten } from '../../core/split.ts';
import { textFor } from '../../core/texts.ts';
import type { ProcessDefinition } from '../process.ts';
import { ANSWERS, type EventCounts, eventAction, type SeatStanding } from './attendance.ts';
import { eventsToCome, type ProcessEvent, spanOf } from './event.ts';

/** Somebody who reads of events, at one moment, and the process as they see it. */
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
}

export const titleOf = ({ title }: ProcessEvent, { process, language }: EventReader): string =>
  textFor(title, language, process.languages);

/** When and where, a line each. */
export function placeLines({ at, where }: ProcessEvent, { process, language, now }: EventReader): string[] {
  const when = spelled(at, { language, timeZone: process.timeZone, now });
  return where === undefined ? [when] : [when, textFor(where, language, process.languages)];
}

/** The event in as few lines as will do, below what is said about it. */
export const eventLines = (event: ProcessEvent, reader: EventReader): string[] => {
  const [day = '', ...where] = placeLines(event, reader);
  return [reader.phrases('timeline_event', { title: titleOf(event, reader), day }), ...where];
};

/** How many seats are left; null where nobody counts them. A free seat that others wait for is theirs. */
export function seatsLine(
  { capacity }: ProcessEvent,
  { seats, waiting }: EventCounts,
  { phrases }: EventReader,
): string | null {
  if (capacity === undefined) return null;
  const free = waiting > 0 ? 0 : Math.max(0, capacity - seats);
  return free > 0 ? phrases('event_free', { count: free }) : phrases('event_full', { count: waiting });
}

const DAY_MS = 86_400_000;

/** How they stand to the event, in a sentence. */
export function standingLine(
  event: ProcessEvent,
  standing: SeatStanding,
  { phrases, process, now }: EventReader,
): string {
  if (standing.answer === 'no') return phrases('event_said_no');
  // What is tomorrow has been reminded of already.
  const early = spanOf(event, process.timeZone).from - now > DAY_MS;
  if (standing.answer === 'maybe') return phrases(early ? 'event_said_maybe' : 'event_said_maybe_late');
  if (standing.seat === 'waiting') return phrases('event_waiting', { position: standing.position ?? 1 });
  return phrases(event.capacity === undefined ? 'event_expected' : 'event_seat');
}

/** Yes, maybe, no: each leads to its answer, at any time. */
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
/** What fits on a button of a phone besides its other words. */
const MOST_TITLE = 17;

/** A button for each of the next events, which shows it. */
export const invitations = (reader: EventReader): Choice[] =>
  eventsToCome(reader.process, reader.now)
    .slice(0, MOST_INVITED)
    .map((event) => ({
      label: reader.phrases('event_invite', { title: shorten(titleOf(event, reader), MOST_TITLE) }),
      data: signAction(reader.secret, reader.key, eventAction(event.id, reader.processId)),
    }));
