import { createHmac } from 'node:crypto';
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { OutboundFile } from '../../core/message.ts';
import { textFor } from '../../core/texts.ts';
import type { ProcessDefinition } from '../process.ts';
import { isCancelled, type ProcessEvent, spanOf } from './event.ts';

export interface CalendarEntry {
  event: ProcessEvent;
  process: ProcessDefinition;
  /** The id of the process. */
  processId: number;
  language: string;
  /** The secret that signs buttons. It never changes, as the entry's id must not. */
  secret: string;
  now: number;
  /** They may come; left out: they are coming. */
  tentative?: boolean;
  /** Grows when the event moves, so that calendars replace what they have; the number of the published timeline. */
  edition?: number;
}

/**
 * The event as a calendar file. Nothing in it says whom it is for. Times are in UTC, which every calendar shows in its
 * own zone; some misread the name of a zone that comes without its rules.
 */
export function calendarFile(entry: CalendarEntry): Extract<OutboundFile, { text: string }> {
  const { event, process, now, edition = 0 } = entry;
  const said = (texts: Parameters<typeof textFor>[0]) => textFor(texts, entry.language, process.languages);
  const { from, until, wholeDay } = spanOf(event, process.timeZone);
  const cancelled = isCancelled(event);
  const calendar = ical({
    prodId: { company: 'Hearback', product: 'Hearback' },
    method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  });
  calendar.createEvent({
    id: entryId(entry),
    sequence: edition,
    stamp: new Date(now),
    ...(wholeDay ? wholeDays(event.at, until - from) : { start: new Date(from), end: new Date(until) }),
    summary: said(event.title),
    description: said(process.name),
    ...(event.where !== undefined && { location: said(event.where) }),
    status: cancelled
      ? ICalEventStatus.CANCELLED
      : entry.tentative
        ? ICalEventStatus.TENTATIVE
        : ICalEventStatus.CONFIRMED,
  });
  return { name: `${event.id}.ics`, mime: 'text/calendar', text: calendar.toString() };
}

const DAY_MS = 86_400_000;

/** Dates without a zone: days on which the clocks change are longer or shorter. */
function wholeDays(at: string, length: number): { start: Date; end: Date; allDay: true } {
  const start = Date.parse(at);
  return {
    start: new Date(start),
    end: new Date(start + Math.max(1, Math.round(length / DAY_MS)) * DAY_MS),
    allDay: true,
  };
}

/** In the first process the id has no process in it, as before there could be several. */
function entryId({ event, processId, secret }: CalendarEntry): string {
  const name = ['calendar', ...(processId === 1 ? [] : [processId]), event.id].join('\n');
  return `${createHmac('sha256', secret).update(name).digest('hex').slice(0, 32)}@hearback`;
}
