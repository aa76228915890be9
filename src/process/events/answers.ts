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

/** A press of one of an event's buttons, by somebody who is talked to. */
export interface EventPress extends Omit<EventReader, 'now' | 'secret'> {
  action: string;
  identityId: string;
  update: string;
  at: Date;
}

/** The event as it stands, or what has come of the answer. */
export type PressEvent = (press: EventPress) => Promise<OutboundMessage>;

export function createEvents(attendance: Attendance, secret: string, clock: () => number): PressEvent {
  return async (press) => {
    const reader = { ...press, secret, now: clock() };
    const { event, process, answer } = readEventAction(press.action) ?? {
      event: '',
      process: press.processId,
      answer: null,
    };
    if (process !== press.processId) return say(press.phrases('question_over'));
    const meeting = press.process.events.find(({ id }) => id === event);
    if (!meeting) return say(press.phrases('event_unknown'));
    if (isCancelled(meeting)) return cancelled(meeting, reader, await attendance.of(event, press.identityId));
    if (isOver(meeting, press.process.timeZone, reader.now))
      return say(press.phrases('event_over', { title: titleOf(meeting, reader) }));
    return answer === null ? shown(meeting, press.identityId, reader) : answered(meeting, answer, press, reader);
  };

  async function shown(meeting: ProcessEvent, identityId: string, reader: EventReader): Promise<OutboundMessage> {
    const [standing, counts] = await Promise.all([
      attendance.of(meeting.id, identityId),
      attendance.counts(meeting.id),
    ]);
    const stands = standing ? standingLine(meeting, standing, reader) : reader.phrases('event_ask');
    const lines = [placeLines(meeting, reader).join('\n'), seatsLine(meeting, counts, reader), stands];
    const blocks = lines.flatMap((text): Block[] => (text === null ? [] : [{ kind: 'text', text }]));
    return {
      blocks: [{ kind: 'heading', text: titleOf(meeting, reader) }, ...blocks],
      choices: answerChoices(meeting.id, reader),
    };
  }

  async function answered(
    meeting: ProcessEvent,
    answer: EventAnswer,
    press: EventPress,
    reader: EventReader,
  ): Promise<OutboundMessage> {
    const { identityId, at, update, process } = press;
    const seats = seatsOf(meeting, process.timeZone);
    const standing = await attendance.answer({ ...seats, identityId, answer, at, update });
    const lines = [standingLine(meeting, standing, reader), ...eventLines(meeting, reader)];
    return withEntry(say(lines.join('\n'), answerChoices(meeting.id, reader)), meeting, standing, reader);
  }

  /** Whoever has it in their calendar gets what takes it out. */
  async function cancelled(
    meeting: ProcessEvent,
    reader: EventReader,
    standing: SeatStanding | null,
  ): Promise<OutboundMessage> {
    const words = say(reader.phrases('event_cancelled', { title: titleOf(meeting, reader) }));
    return standing ? withEntry(words, meeting, standing, reader) : words;
  }

  /** Whoever waits for a seat gets it with the seat: until then the meeting is not one of theirs. */
  async function withEntry(
    message: OutboundMessage,
    meeting: ProcessEvent,
    standing: SeatStanding,
    reader: EventReader,
  ) {
    const { answer, seat } = standing;
    if (answer === 'no' || seat === 'waiting') return message;
    const edition = await attendance.edition();
    return { ...message, file: calendarFile({ ...reader, meeting, tentative: answer === 'maybe', edition }) };
  }
}
