import { writeAudience } from '../notices/audience/audience.ts';
import { eventOrigin, readEventOrigin } from '../notices/eventChange.ts';
import { BLANK_NOTICE } from '../notices/notice.ts';
import { spanOf } from '../process/events/event.ts';
import type { Snapshot } from '../process/publication.ts';
import { type EventNews, eventNews } from '../process/timelineChanges.ts';
import { changeLines } from '../process/timelineText.ts';
import type { Planned, PlannedNotices } from './scheduledNotices.ts';
import type { TimelineNoticeParts } from './timelineNotices.ts';
import type { WantedNotice } from './upsertScheduled.ts';

export interface EventChangeParts extends TimelineNoticeParts {
  planned: Pick<PlannedNotices, 'timelineNotices' | 'eventChanges'>;
}

export interface EventChanges {
  /** To be created. */
  wanted: Omit<WantedNotice, 'at'>[];
  /** Notices about an event that the newest timeline made obsolete before anybody had them. */
  overtaken: Planned[];
}

/**
 * The notices of the newest timeline for people who are coming to an event, beside the one for everybody. The timeline
 * is compared with the one that they were told of last: a change that has not gone out yet becomes part of the next.
 */
export async function eventChanges(parts: EventChangeParts, newest: Snapshot): Promise<EventChanges> {
  const { planned, timelines, clock } = parts;
  const made = await planned.timelineNotices();
  const last = made.at(-1)?.timeline;
  if (last === undefined || last === newest.number) return { wanted: [], overtaken: [] };
  const all = await planned.eventChanges();
  const waiting = all.filter(({ begun, state }) => !begun && (state === 'scheduled' || state === 'paused'));
  const overtaken = waiting.filter(({ origin }) => readEventOrigin(origin).to !== newest.number);
  const spans = new Map(overtaken.map(({ origin }) => [readEventOrigin(origin).event, readEventOrigin(origin).from]));
  const older = await timelines.many([...new Set([last, ...spans.values()])]);
  const wanted = [...older.values()].flatMap((told) =>
    eventNews(told.definition, newest.definition, clock())
      .filter(({ kind, event }) => kind !== 'new' && (spans.get(event.id) ?? last) === told.number)
      .map((news) => noticeOf(news, told, newest, parts)),
  );
  const others = new Set(all.map(({ origin }) => origin));
  return { wanted: wanted.filter(({ origin }) => !others.has(origin)), overtaken };
}

function noticeOf(
  { kind, event, changes }: EventNews,
  told: Snapshot,
  { definition, number, by }: Snapshot,
  { phrasesIn, clock }: EventChangeParts,
): Omit<WantedNotice, 'at'> {
  const isOff = kind === 'cancelled' || kind === 'removed';
  const words = (language: string) => {
    const phrases = phrasesIn(language);
    const lines = changeLines(changes, told.definition, definition, { language, phrases, now: clock() });
    return [...lines, phrases(isOff ? 'event_off' : 'event_still')].join('\n');
  };
  return {
    ...BLANK_NOTICE,
    kind: 'event_change',
    texts: Object.fromEntries(definition.languages.map((language) => [language, words(language)])),
    buttons: isOff ? [] : [{ event: event.id }],
    audience: writeAudience({ attends: event.id }),
    origin: eventOrigin({ event: event.id, from: told.number, to: number }),
    event: event.id,
    until: new Date(spanOf(event, definition.timeZone).until),
    createdBy: by,
    scheduledBy: by,
    // Whoever published has decided to tell them.
    approval: 'given',
  };
}
