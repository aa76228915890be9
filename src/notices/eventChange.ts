import { spoken } from '../core/texts.ts';
import type { Attendance } from '../process/events/attendance.ts';
import { calendarFile } from '../process/events/calendarFile.ts';
import type { ProcessEvent } from '../process/events/event.ts';
import type { Timelines } from '../process/publication.ts';
import { type NoticeDelivery, type NoticeRendering, renderDue } from './announce.ts';
import type { Notice } from './notice.ts';

/** An event, and the numbers of the two published timelines between which it changed. */
export interface EventSpan {
  event: string;
  from: number;
  to: number;
}

/** One notice for each. */
export const eventOrigin = ({ event, from, to }: EventSpan): string => `event:${event}:${from}:${to}`;

export function readEventOrigin(origin: string): EventSpan {
  const [, event = '', from, to] = origin.split(':');
  return { event, from: Number(from), to: Number(to) };
}

export interface EventChangeRendering extends NoticeRendering {
  attendance: Pick<Attendance, 'comers' | 'edition'>;
  timelines: Pick<Timelines, 'many'>;
}

/**
 * What has changed about an event, for everybody who said yes or maybe, with a calendar file that updates or removes
 * the entry. Nothing for people who have said no since. People on the waiting list get the file with their seat.
 */
export async function renderEventChanges(
  rows: readonly NoticeDelivery[],
  rendering: EventChangeRendering,
): Promise<Awaited<ReturnType<typeof renderDue>>> {
  if (rows.length === 0) return new Map();
  const { attendance } = rendering;
  const rendered = await renderDue(rows, rendering);
  const comers = await attendance.comers(rows.map(({ id }) => id));
  const notices = await rendering.notices.many([...new Set(rows.flatMap(({ noticeId }) => noticeId ?? []))]);
  const events = await eventsOf([...notices.values()], rendering);
  const edition = await attendance.edition();
  for (const row of rows) {
    const messages = rendered.get(row.id);
    const standing = comers.get(row.id);
    const event = events.get(row.noticeId ?? '');
    if (!Array.isArray(messages)) continue;
    if (!standing) rendered.set(row.id, []);
    else if (event && standing.seat !== 'waiting') {
      const language = spoken([row.language], rendering.process.languages);
      const file = calendarFile({ ...rendering, event, language, edition, tentative: standing.answer === 'maybe' });
      rendered.set(
        row.id,
        messages.map((message) => ({ ...message, file })),
      );
    }
  }
  return rendered;
}

/** By notice: the event as it is now; one that is gone, as it was, marked as cancelled. */
async function eventsOf(
  notices: readonly Notice[],
  { process, processId, timelines }: EventChangeRendering,
): Promise<Map<string, ProcessEvent>> {
  const ours = notices.flatMap(({ id, origin, process: of }) =>
    origin !== null && of === processId ? [{ id, ...readEventOrigin(origin) }] : [],
  );
  const before = await timelines.many([...new Set(ours.map(({ from }) => from))]);
  return new Map(
    ours.flatMap(({ id, event, from }) => {
      const named = (one: ProcessEvent) => one.id === event;
      const old = before.get(from)?.definition.events.find(named);
      const found = process.events.find(named) ?? (old && { ...old, cancelled: true });
      return found ? [[id, found] as const] : [];
    }),
  );
}
