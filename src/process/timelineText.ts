import { spelled } from '../core/calendar.ts';
import type { Phrases } from '../core/phrases.ts';
import { type Texts, textFor } from '../core/texts.ts';
import type { PublicTimeline } from './publication.ts';
import type { TimelineChange } from './timelineChanges.ts';

/** The language and moment that a text is for; `phrases`: outreach.yaml in that language. */
export interface Telling {
  language: string;
  phrases: Phrases;
  now: number;
}

/** The short timeline for announcements: what happens when, and by when everybody is answered. */
export function announcementText(timeline: PublicTimeline, { language, phrases, now }: Telling): string {
  const { name, languages, timeZone, stages, events, hearBackBy } = timeline;
  const say = (texts: Texts) => textFor(texts, language, languages);
  const day = (local: string) => spelled(local, { language, timeZone, now });
  const dated = [
    ...stages.map(({ title, opens, closes }) => ({ at: opens, line: periodLine(say(title), opens, closes) })),
    ...events
      .filter(({ cancelled }) => !cancelled)
      .map(({ title, at }) => ({ at, line: phrases('published_day', { title: say(title), day: day(at) }) })),
  ];
  const lines = dated.sort((one, other) => (one.at < other.at ? -1 : 1)).map(({ line }) => line);
  const answers = hearBackBy === undefined ? [] : [phrases('published_hear_back', { day: day(hearBackBy) })];
  return [phrases('published_intro', { name: say(name) }), lines.join('\n'), ...answers].filter(Boolean).join('\n\n');

  function periodLine(title: string, opens: string, closes: string): string {
    if (opens === closes) return phrases('published_day', { title, day: day(opens) });
    return phrases('published_period', { title, from: day(opens), day: day(closes) });
  }
}

const MOVED = { opens: 'changed_opens', closes: 'changed_closes', at: 'changed_at', hearBackBy: 'changed_hear_back' };

/** Every change on a line, below a heading; null when nothing has changed. */
export function changesText(
  changes: readonly TimelineChange[],
  before: PublicTimeline,
  after: PublicTimeline,
  telling: Telling,
): string | null {
  if (changes.length === 0) return null;
  const name = textFor(after.name, telling.language, after.languages);
  const lines = changeLines(changes, before, after, telling);
  return [telling.phrases('changed_intro', { name }), lines.join('\n')].join('\n\n');
}

/** Old and new side by side, a line each. */
export function changeLines(
  changes: readonly TimelineChange[],
  before: PublicTimeline,
  after: PublicTimeline,
  telling: Telling,
): string[] {
  const { language, phrases, now } = telling;
  const say = (texts: Texts) => textFor(texts, language, after.languages);
  const isSameZone = before.timeZone === after.timeZone;
  const old = (local: string | null) => written(local, before.timeZone, isSameZone);
  const fresh = (local: string | null) => written(local, after.timeZone, isSameZone);
  return changes.map((change) => {
    const title = say(change.title);
    if (change.kind === 'place') return phrases('changed_place', { title, from: say(change.from), to: say(change.to) });
    if (change.kind === 'moved')
      return phrases(isOfTime(change) ? 'changed_time' : MOVED[change.edge], {
        title,
        from: old(change.from),
        to: fresh(change.to),
      });
    const dates = change.kind === 'cancelled' || change.kind === 'removed' ? old : fresh;
    return phrases(`changed_${change.kind}`, {
      title,
      day: [change.from, change.to].flatMap((one) => (one ? [dates(one)] : [])).join(' – '),
    });
  });
  function written(local: string | null, timeZone: string, zoneKnown: boolean): string {
    return local === null ? phrases('no_date') : spelled(local, { language, timeZone, now, zoneKnown });
  }
}

/** Whether only the time of day changes. */
const isOfTime = ({ edge, from, to }: Extract<TimelineChange, { kind: 'moved' }>): boolean =>
  edge === 'at' && from !== null && to !== null && from.slice(0, 10) === to.slice(0, 10);
