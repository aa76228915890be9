import { type Block, type OutboundMessage, say } from '../../core/message.ts';
import { type Attendance, type EventAnswer, readEventAction, type SeatStanding } from './attendance.ts';
import { calendarFile } from './calendarFile.ts';
import { isCancelled, isOver, type ProcessEvent, seatsOf } from './event.ts';
import {
  answerChoices,
  type EventReader,
  eventLines,
  placeLines,
  seatsLine,
  standingLine,
  titleOf,
} from './eventText.ts';

/** Somebody pressed one of an event's buttons. */
export interface EventPress extends Omit<EventReader, 'now' | 'secret'> {
  action: string;
  identityId: string;
  update: string;
  at: Date;
  /** Whether the process is over. */
  closed: boolean;
}

/** Shows the event as it stands, or what the answer has led to. */
export type PressEvent = (press: EventPress) => Promise<OutboundMessage>;

interface Parts {
  attendance: Attendance;
  reader: EventReader;
}

/**
 * What the buttons of events do.
 * @param secret signs the buttons that follow
 */
export const createEvents =
  (attendance: Attendance, secret: string, clock: () => number): PressEvent =>
  async (press) => {
    const reader = { ...press, secret, now: clock() };
    const pressed = readEventAction(press.action) ?? { event: '', process: press.processId, answer: null };
    if (press.closed || pressed.process !== press.processId) return say(press.phrases('question_over'));
    const event = press.process.events.find(({ id }) => id === pressed.event);
    if (!event) return say(press.phrases('event_unknown'));
    if (isCancelled(event)) return cancelled(event, press, { attendance, reader });
    if (isOver(event, press.process.timeZone, reader.now))
      return say(press.phrases('event_over', { title: titleOf(event, reader) }));
    return pressed.answer === null
      ? shown(event, press, { attendance, reader })
      : answered(event, pressed.answer, press, { attendance, reader });
  };

async function shown(
  event: ProcessEvent,
  { identityId, processId }: EventPress,
  { attendance, reader }: Parts,
): Promise<OutboundMessage> {
  const about = { process: processId, event: event.id };
  const [standing, counts] = await Promise.all([attendance.of(about, identityId), attendance.counts(about)]);
  const stands = standing ? standingLine(event, standing, reader) : reader.phrases('event_ask');
  const lines = [placeLines(event, reader).join('\n'), seatsLine(event, counts, reader), stands];
  const blocks = lines.flatMap((text): Block[] => (text === null ? [] : [{ kind: 'text', text }]));
  return {
    blocks: [{ kind: 'heading', text: titleOf(event, reader) }, ...blocks],
    choices: answerChoices(event.id, reader),
  };
}

async function answered(
  event: ProcessEvent,
  answer: EventAnswer,
  { identityId, at, update, process, processId }: EventPress,
  parts: Parts,
): Promise<OutboundMessage> {
  const { attendance, reader } = parts;
  const seats = seatsOf(event, processId, process.timeZone);
  const standing = await attendance.answer({ ...seats, identityId, answer, at, update });
  const lines = [standingLine(event, standing, reader), ...eventLines(event, reader)];
  return withEntry(say(lines.join('\n'), answerChoices(event.id, reader)), event, standing, parts);
}

/** People who have it in their calendar get a file that removes it. */
async function cancelled(
  event: ProcessEvent,
  { identityId, processId }: EventPress,
  parts: Parts,
): Promise<OutboundMessage> {
  const { attendance, reader } = parts;
  const words = say(reader.phrases('event_cancelled', { title: titleOf(event, reader) }));
  const standing = await attendance.of({ process: processId, event: event.id }, identityId);
  return standing ? withEntry(words, event, standing, parts) : words;
}

/** Adds the entry for their calendar. People who wait for a seat get it with the seat. */
async function withEntry(
  message: OutboundMessage,
  event: ProcessEvent,
  { answer, seat }: SeatStanding,
  { attendance, reader }: Parts,
): Promise<OutboundMessage> {
  if (answer === 'no' || seat === 'waiting') return message;
  const edition = await attendance.edition();
  return { ...message, file: calendarFile({ ...reader, event, tentative: answer === 'maybe', edition }) };
}
