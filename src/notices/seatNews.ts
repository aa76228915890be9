import { type NoticeMessage, say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import { spoken } from '../core/texts.ts';
import { type Attendance, eventAction } from '../process/events/attendance.ts';
import { calendarFile } from '../process/events/calendarFile.ts';
import { eventsToCome, type ProcessEvent } from '../process/events/event.ts';
import { type EventReader, eventLines } from '../process/events/eventText.ts';
import type { ProcessDefinition } from '../process/process.ts';

export interface SeatNewsRendering {
  attendance: Pick<Attendance, 'seatNews' | 'edition'>;
  process: () => Promise<ProcessDefinition>;
  /** The chat's words in a language, or in the nearest that there is. */
  phrasesIn: (language: string | null) => Phrases;
  /** Signs the buttons. */
  secret: string;
  clock: () => number;
}

/** What the news of a seat needs of a delivery. */
interface SeatDelivery {
  id: string;
  identityKey: string;
  language: string | null;
}

/**
 * The news of a seat for these deliveries; empty where it no longer holds: the person has given it up, or the event is
 * cancelled or over.
 */
export async function renderSeatNews(
  rows: readonly SeatDelivery[],
  { attendance, process: current, phrasesIn, secret, clock }: SeatNewsRendering,
): Promise<Map<string, NoticeMessage[]>> {
  if (rows.length === 0) return new Map();
  const news = await attendance.seatNews(rows.map(({ id }) => id));
  const [process, edition] = await Promise.all([current(), attendance.edition()]);
  const now = clock();
  const toCome = eventsToCome(process, now);
  return new Map(
    rows.map((row): [string, NoticeMessage[]] => {
      const told = news.get(row.id);
      const event = told?.theirs ? toCome.find(({ id }) => id === told.event) : undefined;
      const language = spoken([row.language], process.languages);
      const processId = told?.process ?? 0;
      const reader = { key: row.identityKey, language, phrases: phrasesIn(language), process, processId, now, secret };
      return [row.id, event ? [seatMessage(event, reader, edition)] : []];
    }),
  );
}

function seatMessage(event: ProcessEvent, reader: EventReader, edition: number): NoticeMessage {
  const { phrases, secret, key, processId } = reader;
  const text = [phrases('event_promoted'), ...eventLines(event, reader)].join('\n');
  const decline = {
    label: phrases('event_decline'),
    data: signAction(secret, key, eventAction(event.id, processId, 'no')),
  };
  return { ...say(text, [decline]), file: calendarFile({ ...reader, event, edition }) };
}
