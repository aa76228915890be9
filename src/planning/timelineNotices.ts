import type { Clock } from '../core/clock.ts';
import type { OutboundMessage } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { spoken } from '../core/texts.ts';
import type { ClaimedDelivery } from '../delivery/ports.ts';
import { type NoticeRendering, noticeMessage } from '../notices/announce.ts';
import { KINDS } from '../notices/kinds.ts';
import { BLANK_NOTICE, type Notice } from '../notices/notice.ts';
import type { Attendance } from '../process/events/attendance.ts';
import type { Snapshot, Timelines } from '../process/publication.ts';
import { timelineChanges } from '../process/timelineChanges.ts';
import { announcementText, changesText } from '../process/timelineText.ts';
import type { PlannedNotices, TimelineNotice } from './scheduledNotices.ts';

type PhrasesIn = (language: string | null) => Phrases;

export interface TimelineNoticeParts {
  timelines: Timelines;
  planned: Pick<PlannedNotices, 'timelineNotices'>;
  phrasesIn: PhrasesIn;
  clock: Clock;
}

/**
 * The notice to create for the newest timeline; null where nobody has to be told. The timeline is compared with the one
 * announced last, so that a change is announced even if the service that published it died before doing so.
 */
export async function timelineNotice(
  { timelines, planned, phrasesIn, clock }: TimelineNoticeParts,
  newest: Snapshot,
): Promise<(Omit<Notice, 'id' | 'state' | 'at' | 'origin'> & { origin: string }) | null> {
  const made = await planned.timelineNotices();
  if (made.some(({ timeline }) => timeline === newest.number)) return null;
  const last = made.at(-1);
  const told = last && (await timelines.many([last.timeline])).get(last.timeline);
  const now = clock();
  const { definition } = newest;
  const changes = told ? timelineChanges(told.definition, definition, now) : [];
  if (told && changes.length === 0) return null;
  const everyone = concernsEveryone(made);
  const inEach = (say: (language: string) => string) =>
    Object.fromEntries(definition.languages.map((language) => [language, say(language)]));
  return {
    ...BLANK_NOTICE,
    kind: everyone ? 'timeline' : 'timeline_change',
    texts: inEach((language) => {
      const telling = { language, phrases: phrasesIn(language), now };
      const changed = told && !everyone && changesText(changes, told.definition, definition, telling);
      return changed || announcementText(definition, telling);
    }),
    buttons: [{ label: inEach((language) => phrasesIn(language)('timeline_button')), flow: 'timeline' }],
    audience: everyone ? 'everyone' : null,
    origin: `timeline:${newest.number}`,
    timeline: newest.number,
    createdBy: newest.by,
    scheduledBy: newest.by,
    // Whoever published has decided to tell everybody.
    approval: 'given',
  };
}

/** Whether no announcement to everybody has begun yet, and nobody has decided against one. */
export const concernsEveryone = (made: readonly TimelineNotice[]): boolean =>
  !made.some(
    ({ kind, begun, state, withdrawn }) => kind === 'timeline' && (begun || (state === 'cancelled' && !withdrawn)),
  );

export interface TimelineRendering extends NoticeRendering {
  timelines: Pick<Timelines, 'latest' | 'many' | 'lastTold'>;
  attendance: Pick<Attendance, 'attended'>;
  /** outreach.yaml. */
  outreachIn: PhrasesIn;
  clock: Clock;
}

/**
 * The messages, by delivery id, that tell people what has changed since the timeline that they know; none where nothing
 * has. Other deliveries are rendered like any notice, including an announcement to somebody who knows no older
 * timeline.
 */
export async function renderTimelineChanges(
  rows: readonly ClaimedDelivery[],
  rendering: TimelineRendering,
): Promise<Map<string, OutboundMessage[]>> {
  const { notices, timelines, attendance } = rendering;
  const about = await notices.many([...new Set(rows.flatMap(({ noticeId }) => noticeId ?? []))]);
  const telling = rows.flatMap((row) => {
    const notice = about.get(row.noticeId ?? '');
    return notice && KINDS[notice.kind].rendering === 'timeline' ? [{ row, notice }] : [];
  });
  const newest = telling.length > 0 ? await timelines.latest() : null;
  if (newest === null) return new Map();
  const readers = telling.map(({ row }) => row.identityId);
  const told = await timelines.lastTold(readers);
  const attended = await attendance.attended(readers);
  const older = await timelines.many([...new Set(told.values())]);
  return new Map(
    telling.flatMap(({ row, notice }) => {
      const known = older.get(told.get(row.identityId) ?? 0) ?? null;
      const reader = { language: row.language, attends: attended.get(row.identityId) ?? [] };
      const texts = textFrom(known, newest, notice, reader, rendering);
      if (texts === 'as written') return [];
      return [[row.id, texts === null ? [] : [noticeMessage({ ...notice, texts }, row, rendering)]] as const];
    }),
  );
}

/**
 * What somebody who knows that timeline reads; null: nothing is new to them. A first announcement goes to everybody as
 * it is; events that people are coming to have notices of their own.
 */
function textFrom(
  known: Snapshot | null,
  newest: Snapshot,
  { kind, timeline }: Notice,
  reader: { language: string | null; attends: readonly string[] },
  { outreachIn, clock }: TimelineRendering,
): string | 'as written' | null {
  const language = spoken([reader.language], newest.definition.languages);
  const telling = { language, phrases: outreachIn(language), now: clock() };
  const first = kind === 'timeline';
  if (known === null) return first ? 'as written' : announcementText(newest.definition, telling);
  const changes =
    known.number < (timeline ?? 0)
      ? timelineChanges(known.definition, newest.definition, telling.now, reader.attends)
      : [];
  return changesText(changes, known.definition, newest.definition, telling) ?? (first ? 'as written' : null);
}
