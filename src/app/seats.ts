import { eventAction, signAction } from '../domain/action.ts';
import type { Attendance } from '../domain/attendance.ts';
import { type Meeting, meetingsToCome, seatsOf } from '../domain/meeting.ts';
import { type NoticeMessage, say } from '../domain/message.ts';
import type { ProcessDefinition } from '../domain/process.ts';
import type { Phrases } from '../domain/response.ts';
import { spoken } from '../domain/texts.ts';
import { calendarFile } from './calendarFile.ts';
import { meetingLines, type Reader } from './eventWords.ts';

/**
 * Gives out the seats that have become free without anybody's answer: there are more of them than before, or somebody in
 * line can be reached again. Any number of processes may do it at once. Gives how many.
 */
export async function promoteSeats(attendance: Attendance, process: ProcessDefinition, now: number): Promise<number> {
  const events = await attendance.waitedFor();
  if (events.length === 0) return 0;
  const meetings = meetingsToCome(process, now).filter(({ id }) => events.includes(id));
  let promoted = 0;
  for (const meeting of meetings) promoted += (await attendance.promote(seatsOf(meeting, process.timeZone))).length;
  return promoted;
}

export interface SeatRendering {
  attendance: Pick<Attendance, 'seatNews' | 'edition'>;
  process: () => Promise<ProcessDefinition>;
  /** The chat's words in a language, or in the nearest that there is. */
  phrasesIn: (language: string | null) => Phrases;
  /** Signs the buttons. */
  secret: string;
  clock: () => number;
}

/** A delivery, as far as the news of a seat depends on it. */
interface SeatDelivery {
  id: string;
  identityKey: string;
  language: string | null;
}

/**
 * The news of a seat that these deliveries bring; empty where it has come to nothing since: they have
 * given it up, or the event is cancelled or over.
 */
export async function renderSeats(
  rows: readonly SeatDelivery[],
  { attendance, process: current, phrasesIn, secret, clock }: SeatRendering,
): Promise<Map<string, NoticeMessage[]>> {
  if (rows.length === 0) return new Map();
  const news = await attendance.seatNews(rows.map(({ id }) => id));
  const [process, edition] = await Promise.all([current(), attendance.edition()]);
  const now = clock();
  const toCome = meetingsToCome(process, now);
  return new Map(
    rows.map((row): [string, NoticeMessage[]] => {
      const told = news.get(row.id);
      const meeting = told?.theirs ? toCome.find(({ id }) => id === told.event) : undefined;
      const language = spoken([row.language], process.languages);
      const reader = { key: row.identityKey, language, phrases: phrasesIn(language), process, now, secret };
      return [row.id, meeting ? [seatMessage(meeting, reader, edition)] : []];
    }),
  );
}

function seatMessage(meeting: Meeting, reader: Reader, edition: number): NoticeMessage {
  const { phrases, secret, key } = reader;
  const text = [phrases('event_promoted'), ...meetingLines(meeting, reader)].join('\n');
  const decline = { label: phrases('event_decline'), data: signAction(secret, key, eventAction(meeting.id, 'no')) };
  return { ...say(text, [decline]), file: calendarFile({ ...reader, meeting, edition }) };
}
