import { dateOf, endOf, momentOf } from '../core/calendar.ts';
import type { Texts } from '../core/texts.ts';
import { canonical, type PublicTimeline } from './publication.ts';

/** What a date means: an opening, an end, the time of an event, the day by which everyone is answered. */
export type Edge = 'opens' | 'closes' | 'at' | 'hearBackBy';

/** What is new for people who know the timeline before. Dates are local to the zone of their timeline. */
export type TimelineChange =
  | { kind: 'moved'; edge: Edge; title: Texts; from: string | null; to: string | null }
  | { kind: 'place'; title: Texts; from: Texts; to: Texts }
  | { kind: 'cancelled' | 'removed' | 'restored' | 'new'; title: Texts; from: string; to: string | null };

type Event = PublicTimeline['events'][number];
interface Dated {
  id: string;
  title: Texts;
  opens?: string | undefined;
  closes?: string | undefined;
}

/** What is new about an event, for the people who are coming. */
export interface EventNews {
  kind: 'moved' | 'cancelled' | 'removed' | 'restored' | 'new';
  /** The event as it is now, or as it was if it is gone. */
  event: Event;
  changes: TimelineChange[];
}

/**
 * What changes for somebody who plans by the timeline: dates, places of meetings, what is cancelled, gone or new.
 * Wording, order, and what was over before `now` do not count.
 * @param elsewhere events that people are told about separately
 */
export function timelineChanges(
  before: PublicTimeline,
  after: PublicTimeline,
  now: number,
  elsewhere: readonly string[] = [],
): TimelineChange[] {
  const pair = { before, after, now };
  return [
    ...listChanges(before.stages, after.stages, pair),
    ...listChanges(before.opportunities ?? [], after.opportunities ?? [], pair),
    ...eventNews(before, after, now)
      .filter(({ event }) => !elsewhere.includes(event.id))
      .flatMap(({ changes }) => changes),
    ...questionChanges(pair),
    ...moved('hearBackBy', after.name, before.hearBackBy, after.hearBackBy, pair),
  ];
}

interface Pair {
  before: PublicTimeline;
  after: PublicTimeline;
  now: number;
}

function listChanges(before: readonly Dated[], after: readonly Dated[], pair: Pair): TimelineChange[] {
  const ahead = ({ closes }: Dated, zone: string) => closes === undefined || endOf(closes, zone) > pair.now;
  return [
    ...after.flatMap((item): TimelineChange[] => {
      const old = before.find(({ id }) => id === item.id);
      if (old) return bothEnds(old, item, pair);
      return item.opens !== undefined && ahead(item, pair.after.timeZone) ? [{ kind: 'new', ...period(item) }] : [];
    }),
    ...gone(before, after)
      .filter((item) => item.opens !== undefined && ahead(item, pair.before.timeZone))
      .map((item): TimelineChange => ({ kind: 'removed', ...period(item) })),
  ];
}

const period = ({ title, opens = '', closes }: Dated) => ({
  title,
  from: opens,
  to: closes === undefined || closes === opens ? null : closes,
});

const bothEnds = (old: Dated, item: Dated, pair: Pair): TimelineChange[] => [
  ...moved('opens', item.title, old.opens, item.opens, pair),
  ...moved('closes', item.title, old.closes, item.closes, pair),
];

/** The news of each event that has any. */
export function eventNews(before: PublicTimeline, after: PublicTimeline, now: number): EventNews[] {
  const pair = { before, after, now };
  const ahead = ({ at }: Event, { timeZone }: PublicTimeline) => endOf(at.slice(0, 10), timeZone) > now;
  const told = (kind: Exclude<EventNews['kind'], 'moved'>, event: Event, { title, at }: Event): EventNews[] => [
    { kind, event, changes: [{ kind, title, from: at, to: null }] },
  ];
  return [
    ...after.events.flatMap((event): EventNews[] => {
      const old = before.events.find(({ id }) => id === event.id);
      if (event.cancelled) return old && !old.cancelled && ahead(old, before) ? told('cancelled', event, old) : [];
      if (old && !old.cancelled) return movedEvent(old, event, pair);
      return ahead(event, after) ? told(old ? 'restored' : 'new', event, event) : [];
    }),
    ...gone(before.events, after.events)
      .filter((event) => !event.cancelled && ahead(event, before))
      .flatMap((event) => told('removed', event, event)),
  ];
}

/** Saying a place for the first time is not a change, nor is spelling it differently. */
function movedEvent(old: Event, event: Event, pair: Pair): EventNews[] {
  const { title, at, where } = event;
  const hasMoved = old.where !== undefined && where !== undefined && bare(old.where) !== bare(where);
  const isAhead = endOf(at.slice(0, 10), pair.after.timeZone) > pair.now;
  const place: TimelineChange[] =
    hasMoved && isAhead ? [{ kind: 'place', title, from: old.where ?? '', to: where }] : [];
  const changes = [...moved('at', title, old.at, at, pair), ...place];
  return changes.length > 0 ? [{ kind: 'moved', event, changes }] : [];
}

/** Of questions, only a changed end counts, and only of those that people know. */
const questionChanges = (pair: Pair): TimelineChange[] =>
  pair.after.questions.flatMap(({ id, text, closes }) => {
    const old = pair.before.questions.find((question) => question.id === id);
    return old ? moved('closes', text, old.closes, closes, pair) : [];
  });

/** Only its letters and digits. */
const bare = (texts: Texts): string =>
  canonical(texts)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const gone = <T extends { id: string }>(before: readonly T[], after: readonly T[]): T[] =>
  before.filter((old) => !after.some(({ id }) => id === old.id));

function moved(
  edge: Edge,
  title: Texts,
  from: string | undefined,
  to: string | undefined,
  { before, after, now }: Pair,
): TimelineChange[] {
  const [old, fresh] = [meaning(edge, from, before.timeZone), meaning(edge, to, after.timeZone)];
  if (old.key === fresh.key || Math.max(old.moment, fresh.moment) <= now) return [];
  return [{ kind: 'moved', edge, title, from: from ?? null, to: to ?? null }];
}

/** A day is the same in every zone; two ways to write one moment are not a change. */
function meaning(edge: Edge, local: string | undefined, zone: string): { key: string; moment: number } {
  if (local === undefined) return { key: '', moment: Number.NEGATIVE_INFINITY };
  const moment = edge === 'opens' || edge === 'at' ? momentOf(local, zone) : endOf(local, zone);
  return {
    key: local.includes('T') ? `${moment}` : local,
    moment: edge === 'at' ? endOf(dateOf(moment, zone), zone) : moment,
  };
}
